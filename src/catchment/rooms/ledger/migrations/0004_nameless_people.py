"""A person's accounts carry no name: who reads the books need not learn who it is. The balances stay as they are."""

from django.db import migrations

OUT = "update ledger_account set name = '个人' where owner_kind = 'person'"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_digest")]

    operations = [migrations.RunSQL(OUT, migrations.RunSQL.noop)]
