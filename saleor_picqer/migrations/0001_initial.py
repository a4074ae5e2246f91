from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChannelSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=255, unique=True)),
                ("current", models.CharField(max_length=128)),
                ("previous", models.CharField(blank=True, default="", max_length=128)),
            ],
            options={
                "verbose_name": "webhook secret",
            },
        ),
        migrations.CreateModel(
            name="ChannelState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=255, unique=True)),
                ("orders_from", models.DateTimeField()),
                ("swept_until", models.DateTimeField()),
                ("consecutive_failures", models.PositiveIntegerField(default=0)),
                ("last_failed_order", models.CharField(blank=True, default="", max_length=36)),
                ("open_until", models.DateTimeField(null=True)),
                ("hooks_stale", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "state of a channel",
            },
        ),
        migrations.CreateModel(
            name="CustomerLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=255)),
                ("customer_pk", models.CharField(max_length=36)),
                ("remote_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="FulfilmentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=255)),
                ("picklist_id", models.BigIntegerField()),
                ("order_pk", models.CharField(max_length=36)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="InboxEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=255)),
                ("body_hash", models.CharField(max_length=64)),
                ("event", models.CharField(max_length=64)),
                ("triggered_at", models.CharField(blank=True, default="", max_length=32)),
                ("body", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("done", "Done"),
                            ("ignored", "Ignored"),
                            ("failed", "Failed"),
                        ],
                        default="received",
                        max_length=16,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True, default="")),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("handled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "event in the inbox",
            },
        ),
        migrations.CreateModel(
            name="OutboxOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_pk", models.CharField(max_length=36, unique=True)),
                ("channel", models.CharField(max_length=255)),
                ("stage", models.CharField(default="pending", max_length=16)),
                ("dirty", models.BooleanField(default=False)),
                ("requested", models.BooleanField(default=False)),
                ("account", models.CharField(blank=True, default="", max_length=255)),
                ("reference", models.CharField(blank=True, default="", max_length=255)),
                ("remote_id", models.BigIntegerField(null=True)),
                ("remote_number", models.CharField(blank=True, default="", max_length=64)),
                ("remote_status", models.CharField(blank=True, default="", max_length=32)),
                ("status_page", models.CharField(blank=True, default="", max_length=500)),
                ("sent_digests", models.JSONField(default=dict)),
                ("attention", models.TextField(blank=True, default="")),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("waiting_for", models.CharField(blank=True, default="", max_length=255)),
                ("last_error", models.TextField(blank=True, default="")),
                ("lease", models.CharField(blank=True, default="", max_length=32)),
                ("leased_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "order in the outbox",
            },
        ),
        migrations.CreateModel(
            name="ProductLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=255)),
                ("sku", models.CharField(max_length=255)),
                ("remote_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SyncRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=255)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(default=list)),
                ("queued_at", models.DateTimeField(auto_now_add=True)),
                ("saved_at", models.DateTimeField(auto_now=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WarehouseLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=255)),
                ("remote_id", models.BigIntegerField()),
                ("warehouse_pk", models.CharField(max_length=36, unique=True)),
                ("name", models.CharField(max_length=250)),
            ],
        ),
        migrations.AddConstraint(
            model_name="warehouselink",
            constraint=models.UniqueConstraint(
                fields=("account", "remote_id"), name="picqer_warehouse_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="syncrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["queued", "running"])),
                fields=("channel",),
                name="picqer_one_run_per_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="productlink",
            constraint=models.UniqueConstraint(
                fields=("account", "sku"), name="picqer_product_once"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxorder",
            index=models.Index(fields=["stage", "not_before"], name="picqer_outbox_due"),
        ),
        migrations.AddIndex(
            model_name="outboxorder",
            index=models.Index(
                condition=models.Q(("dirty", True)),
                fields=["not_before"],
                name="picqer_outbox_dirty",
            ),
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
            index=models.Index(fields=["account", "remote_id"], name="picqer_outbox_remote"),
        ),
        migrations.AddIndex(
            model_name="outboxorder",
            index=models.Index(fields=["account", "reference"], name="picqer_outbox_reference"),
        ),
        migrations.AddIndex(
            model_name="outboxorder",
            index=models.Index(fields=["updated_at", "id"], name="picqer_outbox_latest"),
        ),
        migrations.AddIndex(
            model_name="inboxevent",
            index=models.Index(fields=["status", "not_before"], name="picqer_inbox_due"),
        ),
        migrations.AddConstraint(
            model_name="inboxevent",
            constraint=models.UniqueConstraint(
                fields=("channel", "body_hash"), name="picqer_inbox_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfilmentlink",
            constraint=models.UniqueConstraint(
                fields=("account", "picklist_id"), name="picqer_picklist_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="customerlink",
            constraint=models.UniqueConstraint(
                fields=("account", "customer_pk"), name="picqer_customer_once"
            ),
        ),
    ]
