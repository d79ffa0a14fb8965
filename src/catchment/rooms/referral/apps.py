from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "catchment.rooms.referral"
    label = "referral"
