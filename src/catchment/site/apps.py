from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "catchment.site"
    label = "catchment_site"

    def ready(self) -> None:
        from catchment.site import registry

        registry.register_all()
