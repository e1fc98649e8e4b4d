from django.db import migrations

FILL = (
    "UPDATE handling SET begin_by = due_on",
    "UPDATE handling SET disputes = (SELECT count(*) FROM verdict WHERE verdict.appeal_id = handling.appeal_id "
    "AND NOT verdict.solved) WHERE appeal_id IN (SELECT appeal_id FROM verdict WHERE NOT solved)",
    "UPDATE handling SET hand_overs = (SELECT count(*) - 1 FROM routing WHERE routing.appeal_id = handling.appeal_id "
    "AND routing.acting_id IS NOT NULL) WHERE appeal_id IN (SELECT appeal_id FROM routing "
    "WHERE acting_id IS NOT NULL GROUP BY appeal_id HAVING count(*) > 1)",
)


class Migration(migrations.Migration):
    """What the new columns say of appeals that were here before: counted from what happened to them."""

    dependencies = [("answer", "0003_answer_deepened")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
