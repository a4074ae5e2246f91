"""Webhooks that still have to be registered; indexes for what workers and staff look for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("saleor_picqer", "0002_orders")]

    operations = [
        migrations.AddField(
            model_name="channelstate",
            name="hooks_due",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="outboxorder",
            index=models.Index(
                condition=models.Q(("leased_until__isnull", False)),
                fields=["leased_until"],
                name="picqer_outbox_leased",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxorder",
            index=models.Index(fields=["updated_at", "id"], name="picqer_outbox_latest"),
        ),
    ]
