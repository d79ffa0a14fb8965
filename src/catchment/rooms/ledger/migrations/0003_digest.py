"""What an entry said when it was posted; entries from before are taken as they stand."""

from django.db import migrations, models

FILL = """
set local catchment.rebuild = on;
update ledger_transaction t set digest = encode(sha256(convert_to(concat_ws('|', t.kind, t.source_kind, t.source_ref,
    t.booked_on, t.memo, coalesce(t.corrects_id::text, ''), (select coalesce(string_agg(o.account_id || ':' || o.amount,
        ',' order by o.account_id, o.amount), '') from ledger_posting o where o.transaction_id = t.id)), 'UTF8')), 'hex');
set local catchment.rebuild = off;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_double_entry")]

    operations = [
        migrations.AddField("transaction", "digest", models.CharField(max_length=64, default="", db_default="")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
