from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "catchment.site"
    label = "catchment_site"

    def ready(self) -> None:
        from django.apps import apps
        from django.db.models.signals import post_migrate, pre_migrate

        from catchment.kernel.lake import views
        from catchment.site import registry, walls
        from catchment.site.signin import noted

        registry.register_all()
        walls.register()
        noted.connect()
        kernel = apps.get_app_config("kernel")
        pre_migrate.connect(views.remove, sender=kernel)
        post_migrate.connect(_after_migration, sender=kernel)


def _after_migration(*, plan: object = None, **_facts: object) -> None:
    """Write walls and views anew; where tables were only emptied Django gives no plan, and they stand."""
    from catchment.kernel.lake import views
    from catchment.site import walls

    if plan is not None:
        walls.install()
        views.install()
