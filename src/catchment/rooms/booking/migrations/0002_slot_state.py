from django.db import migrations, models

import catchment.rooms.booking.types

FILL = """
update booking_slot s set state = coalesce(
    (select case b.state when 'held' then 'held' when 'booked' then 'booked' else 'used' end
     from booking_booking b where b.slot_id = s.id and b.state in ('held', 'booked', 'attended')),
    'closed')
where not s.free
"""
BACK = "update booking_slot set free = (state = 'free')"


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='slot',
            name='state',
            field=models.CharField(choices=[('free', 'FREE'), ('held', 'HELD'), ('booked', 'BOOKED'), ('used', 'USED'), ('closed', 'CLOSED')], default=catchment.rooms.booking.types.SlotState['FREE'], max_length=12),
        ),
        migrations.RunSQL(FILL, BACK),
        migrations.RemoveIndex(model_name='slot', name='slot_free'),
        migrations.RemoveIndex(model_name='slot', name='slot_service'),
        migrations.RemoveField(model_name='slot', name='free'),
        migrations.AddIndex(
            model_name='slot',
            index=models.Index(condition=models.Q(('state', 'free')), fields=['service', 'starts_at'], name='slot_free'),
        ),
        migrations.AddIndex(
            model_name='slot',
            index=models.Index(fields=['service', 'starts_at', 'state'], name='slot_service'),
        ),
    ]
