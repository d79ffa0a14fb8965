from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "catchment.site"
    label = "catchment_site"

    def ready(self) -> None:
        from django.apps import apps
        from django.db.models.signals import post_migrate

        from catchment.site import registry, walls
        from catchment.site.signin import noted

        registry.register_all()
        walls.register()
        noted.connect()
        post_migrate.connect(walls.after_migrate, sender=apps.get_app_config("kernel"))
