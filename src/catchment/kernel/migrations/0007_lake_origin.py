"""A name given to the database by chance, by which the lake knows whose snapshot it holds."""

from django.db import migrations

ORIGIN = """
do $do$ begin
    execute format(
        'create function lake_origin() returns text language sql immutable as $$ select %L::text $$', gen_random_uuid()
    );
end $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_laketouch")]

    operations = [migrations.RunSQL(ORIGIN, "drop function lake_origin;")]
