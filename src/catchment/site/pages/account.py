"""The library's pages that this county uses, each with what it asks; sign-up and mail are not among them."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from catchment.kernel.access import SIGNED_IN, needs, public
from catchment.site.pages import session, single

own = needs(SIGNED_IN)
urlpatterns = [
    path("sign-in", public(session.sign_in), name="account_login"),
    path("sign-out", session.sign_out, name="account_logout"),
    path("account/inactive", public(account.account_inactive), name="account_inactive"),
    path("account/confirm", own(account.reauthenticate), name="account_reauthenticate"),
    path("account/password", own(account.password_change), name="account_change_password"),
    path("account/password/first", own(account.password_set), name="account_set_password"),
    re_path(
        r"^account/password/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/link/done",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/security", own(factors.index), name="mfa_index"),
    path("sign-in/second-factor", public(factors.authenticate), name="mfa_authenticate"),
    path("account/confirm/code", own(factors.reauthenticate), name="mfa_reauthenticate"),
    path("account/security/app/add", own(totp.activate_totp), name="mfa_activate_totp"),
    path("account/security/app/remove", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/security/codes", own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/security/codes/new", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/security/codes/file", own(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("account/security/keys", own(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("account/security/keys/add", own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/confirm/key", own(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/security/keys/<int:pk>/remove", own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/security/keys/<int:pk>/edit", own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("sign-in/key", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>", single.begin, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back", single.back, name="openid_connect_callback"),
    path("sign-out/with/single", single.leave, name="single-sign-out"),
]
