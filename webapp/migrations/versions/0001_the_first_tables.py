"""The first tables, and the triggers that keep the audit log append-only.

Revision: 0001
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('act', sa.String(length=48), nullable=False),
    sa.Column('object', sa.String(length=96), nullable=False),
    sa.Column('payload_hash', sa.String(length=64), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_log')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_log_hash'))
    )
    op.create_table('login_failures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_failures'))
    )
    with op.batch_alter_table('login_failures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_failures_account_at'), ['account', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_login_failures_address_at'), ['address', 'at'], unique=False)

    op.create_table('rounds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('organisation', sa.String(length=128), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('settings', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('rubric', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'rosters_locked', 'scheduled', 'published', 'in_session', 'complete', 'computed', 'confirmed', 'voted', 'released', 'public_notice', 'archived')", name=op.f('ck_rounds_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rounds')),
    sa.UniqueConstraint('name', name=op.f('uq_rounds_name'))
    )
    op.create_table('sheet_records',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('sheet_key', sa.String(length=64), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('rubric', sa.Integer(), nullable=False),
    sa.Column('marks', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('client_time', sa.String(length=40), nullable=False),
    sa.Column('server_time', sa.DateTime(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('fate', sa.String(length=16), nullable=False),
    sa.Column('settled_as', sa.String(length=16), nullable=True),
    sa.CheckConstraint("fate IN ('taken', 'conflict')", name=op.f('ck_sheet_records_fate')),
    sa.CheckConstraint("settled_as IS NULL OR settled_as IN ('kept', 'dropped')", name=op.f('ck_sheet_records_settled')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_records')),
    sa.UniqueConstraint('uuid', name=op.f('uq_sheet_records_uuid'))
    )
    with op.batch_alter_table('sheet_records', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_records_sheet_key'), ['sheet_key'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('display_name', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('password_hash', sa.String(length=256), nullable=False),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('disabled', sa.Boolean(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('screen', sa.String(length=64), nullable=True),
    sa.CheckConstraint("role IN ('office', 'secretary', 'desk', 'results_officer', 'organiser', 'supervisor', 'admin', 'screen')", name=op.f('ck_users_role')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('name', name=op.f('uq_users_name'))
    )
    op.create_table('answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=256), nullable=False),
    sa.Column('value', sa.String(length=256), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_answers_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers')),
    sa.UniqueConstraint('round_id', 'kind', 'key', name=op.f('uq_answers_round_id_kind_key'))
    )
    op.create_table('audit_payloads',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['entry_id'], ['audit_log.id'], name=op.f('fk_audit_payloads_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_payloads')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_audit_payloads_entry_id'))
    )
    op.create_table('directions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_directions_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_directions')),
    sa.UniqueConstraint('round_id', 'code', name=op.f('uq_directions_round_id_code')),
    sa.UniqueConstraint('round_id', 'name', name=op.f('uq_directions_round_id_name'))
    )
    op.create_table('employer_aliases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('alias', sa.String(length=128), nullable=False),
    sa.Column('employer', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_employer_aliases_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer_aliases')),
    sa.UniqueConstraint('round_id', 'alias', name=op.f('uq_employer_aliases_round_id_alias'))
    )
    op.create_table('experts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('employer', sa.String(length=128), nullable=False),
    sa.Column('title', sa.String(length=64), nullable=False),
    sa.Column('post', sa.String(length=64), nullable=False),
    sa.Column('may_chair', sa.Boolean(), nullable=False),
    sa.Column('max_sessions', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=32), nullable=False),
    sa.Column('id_no', sa.String(length=32), nullable=False),
    sa.Column('note', sa.String(length=256), nullable=False),
    sa.Column('strengths', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('available', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('availability_text', sa.String(length=256), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_experts_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_experts')),
    sa.UniqueConstraint('round_id', 'code', name=op.f('uq_experts_round_id_code'))
    )
    op.create_table('imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('filename', sa.String(length=256), nullable=False),
    sa.Column('stored_as', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('summary', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.CheckConstraint("kind IN ('applicants', 'experts', 'venue')", name=op.f('ck_imports_kind')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_imports_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_table('panel_secretaries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('panel', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_panel_secretaries_round_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_panel_secretaries_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_secretaries')),
    sa.UniqueConstraint('round_id', 'panel', 'user_id', name=op.f('uq_panel_secretaries_round_id_panel_user_id'))
    )
    op.create_table('panels_signed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('panel', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_panels_signed_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panels_signed')),
    sa.UniqueConstraint('round_id', 'panel', name=op.f('uq_panels_signed_round_id_panel'))
    )
    op.create_table('result_sets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('settings', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('reason', sa.String(length=256), nullable=False),
    sa.Column('computed_at', sa.DateTime(), nullable=False),
    sa.Column('computed_by', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('confirmed_by', sa.String(length=64), nullable=True),
    sa.Column('released_at', sa.DateTime(), nullable=True),
    sa.Column('released_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("state IN ('computed', 'confirmed', 'released', 'superseded')", name=op.f('ck_result_sets_state')),
    sa.CheckConstraint("state IN ('computed', 'superseded') OR confirmed_by IS NOT NULL", name=op.f('ck_result_sets_confirmed')),
    sa.CheckConstraint('confirmed_by IS NULL OR confirmed_by <> computed_by', name=op.f('ck_result_sets_two_persons')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_result_sets_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_sets')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_result_sets_round_id_number'))
    )
    with op.batch_alter_table('result_sets', schema=None) as batch_op:
        batch_op.create_index('uq_result_sets_valid', ['round_id'], unique=True, postgresql_where=sa.text("state IN ('confirmed', 'released')"), sqlite_where=sa.text("state IN ('confirmed', 'released')"))

    op.create_table('rooms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('waiting_room', sa.String(length=64), nullable=False),
    sa.Column('sessions', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_rooms_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rooms')),
    sa.UniqueConstraint('round_id', 'code', name=op.f('uq_rooms_round_id_code')),
    sa.UniqueConstraint('round_id', 'name', name=op.f('uq_rooms_round_id_name'))
    )
    op.create_table('schedule_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=256), nullable=False),
    sa.Column('instance', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('lots', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('published_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("status IN ('draft', 'published', 'superseded')", name=op.f('ck_schedule_versions_status')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_schedule_versions_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule_versions')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_schedule_versions_round_id_number'))
    )
    with op.batch_alter_table('schedule_versions', schema=None) as batch_op:
        batch_op.create_index('uq_schedule_versions_published', ['round_id'], unique=True, postgresql_where=sa.text("status = 'published'"), sqlite_where=sa.text("status = 'published'"))

    op.create_table('sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('label', sa.String(length=32), nullable=False),
    sa.Column('start', sa.DateTime(), nullable=False),
    sa.Column('end', sa.DateTime(), nullable=False),
    sa.Column('breaks', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.CheckConstraint('start < "end"', name=op.f('ck_sessions_order')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_sessions_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('round_id', 'code', name=op.f('uq_sessions_round_id_code'))
    )
    op.create_table('sittings_closed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('panel', sa.String(length=32), nullable=False),
    sa.Column('session', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=256), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_sittings_closed_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sittings_closed')),
    sa.UniqueConstraint('round_id', 'panel', 'session', name=op.f('uq_sittings_closed_round_id_panel_session'))
    )
    op.create_table('applicants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('roster_no', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('employer', sa.String(length=128), nullable=False),
    sa.Column('level', sa.String(length=16), nullable=False),
    sa.Column('direction_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=64), nullable=False),
    sa.Column('id_no', sa.String(length=32), nullable=False),
    sa.Column('phone', sa.String(length=32), nullable=False),
    sa.Column('insured_unit', sa.String(length=128), nullable=False),
    sa.Column('details', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('unavailable', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('pin', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.CheckConstraint("level IN ('senior', 'intermediate')", name=op.f('ck_applicants_level')),
    sa.ForeignKeyConstraint(['direction_id'], ['directions.id'], name=op.f('fk_applicants_direction_id')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_applicants_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applicants')),
    sa.UniqueConstraint('round_id', 'code', name=op.f('uq_applicants_round_id_code'))
    )
    with op.batch_alter_table('applicants', schema=None) as batch_op:
        batch_op.create_index('uq_applicants_id_no', ['round_id', 'id_no'], unique=True, postgresql_where=sa.text("id_no <> ''"), sqlite_where=sa.text("id_no <> ''"))

    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('options', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('progress', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('claimed_by', sa.String(length=64), nullable=True),
    sa.Column('heartbeat_at', sa.DateTime(), nullable=True),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('cancel_asked', sa.Boolean(), nullable=False),
    sa.Column('error', sa.String(length=512), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_jobs_state')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_jobs_round_id')),
    sa.ForeignKeyConstraint(['version_id'], ['schedule_versions.id'], name=op.f('fk_jobs_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    op.create_table('panels',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('directions', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['schedule_versions.id'], name=op.f('fk_panels_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panels')),
    sa.UniqueConstraint('version_id', 'code', name=op.f('uq_panels_version_id_code'))
    )
    op.create_table('tablet_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("kind IN ('link', 'typed')", name=op.f('ck_tablet_codes_kind')),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_tablet_codes_expert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tablet_codes')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_tablet_codes_code_hash'))
    )
    op.create_table('tablet_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(), nullable=True),
    sa.Column('seen_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_tablet_sessions_expert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tablet_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_tablet_sessions_token_hash'))
    )
    op.create_table('calls',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('called_at', sa.DateTime(), nullable=False),
    sa.Column('talk_at', sa.DateTime(), nullable=True),
    sa.Column('answers_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicants.id'], name=op.f('fk_calls_applicant_id')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_calls_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calls')),
    sa.UniqueConstraint('round_id', 'applicant_id', name=op.f('uq_calls_round_id_applicant_id'))
    )
    op.create_table('outcomes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=256), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("kind IN ('heard', 'absent', 'gave_up', 'disqualified', 'deferred')", name=op.f('ck_outcomes_kind')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicants.id'], name=op.f('fk_outcomes_applicant_id')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_outcomes_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcomes')),
    sa.UniqueConstraint('round_id', 'applicant_id', name=op.f('uq_outcomes_round_id_applicant_id'))
    )
    op.create_table('panel_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('panel_id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('chair', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_panel_members_expert_id')),
    sa.ForeignKeyConstraint(['panel_id'], ['panels.id'], name=op.f('fk_panel_members_panel_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_members')),
    sa.UniqueConstraint('panel_id', 'expert_id', name=op.f('uq_panel_members_panel_id_expert_id'))
    )
    with op.batch_alter_table('panel_members', schema=None) as batch_op:
        batch_op.create_index('uq_panel_members_chair', ['panel_id'], unique=True, postgresql_where=sa.text('chair'), sqlite_where=sa.text('chair'))

    op.create_table('recusals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=16), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.Column('applicant_id', sa.Integer(), nullable=True),
    sa.Column('employer', sa.String(length=128), nullable=True),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=64), nullable=False),
    sa.CheckConstraint("side IN ('expert', 'applicant', 'day')", name=op.f('ck_recusals_side')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicants.id'], name=op.f('fk_recusals_applicant_id')),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_recusals_expert_id')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_recusals_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusals'))
    )
    op.create_table('results',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('panel', sa.String(length=32), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('raw', sa.String(length=32), nullable=True),
    sa.Column('k', sa.String(length=32), nullable=True),
    sa.Column('final', sa.String(length=32), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('valid_sheets', sa.Integer(), nullable=False),
    sa.Column('dropped', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('sheets', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('note', sa.String(length=256), nullable=False),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicants.id'], name=op.f('fk_results_applicant_id')),
    sa.ForeignKeyConstraint(['set_id'], ['result_sets.id'], name=op.f('fk_results_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_results')),
    sa.UniqueConstraint('set_id', 'applicant_id', name=op.f('uq_results_set_id_applicant_id'))
    )
    op.create_table('sheets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('panel', sa.String(length=32), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('rubric', sa.Integer(), nullable=False),
    sa.Column('marks', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('entered_by', sa.String(length=64), nullable=False),
    sa.Column('confirmed_by', sa.String(length=64), nullable=True),
    sa.Column('submitted_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f('ck_sheets_state')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicants.id'], name=op.f('fk_sheets_applicant_id')),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_sheets_expert_id')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_sheets_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheets')),
    sa.UniqueConstraint('key', name=op.f('uq_sheets_key')),
    sa.UniqueConstraint('round_id', 'applicant_id', 'expert_id', name=op.f('uq_sheets_round_id_applicant_id_expert_id'))
    )
    op.create_table('sittings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('panel_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['panel_id'], ['panels.id'], name=op.f('fk_sittings_panel_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_sittings_room_id')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_sittings_session_id')),
    sa.ForeignKeyConstraint(['version_id'], ['schedule_versions.id'], name=op.f('fk_sittings_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sittings')),
    sa.UniqueConstraint('panel_id', 'session_id', name=op.f('uq_sittings_panel_id_session_id')),
    sa.UniqueConstraint('version_id', 'session_id', 'room_id', name=op.f('uq_sittings_version_id_session_id_room_id'))
    )
    op.create_table('appointments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('start', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicants.id'], name=op.f('fk_appointments_applicant_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_appointments_sitting_id')),
    sa.ForeignKeyConstraint(['version_id'], ['schedule_versions.id'], name=op.f('fk_appointments_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointments')),
    sa.UniqueConstraint('sitting_id', 'start', name=op.f('uq_appointments_sitting_id_start')),
    sa.UniqueConstraint('version_id', 'applicant_id', name=op.f('uq_appointments_version_id_applicant_id'))
    )
    op.create_table('seats_held',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_seats_held_expert_id')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_seats_held_session_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_seats_held_sitting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['schedule_versions.id'], name=op.f('fk_seats_held_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seats_held')),
    sa.UniqueConstraint('version_id', 'session_id', 'expert_id', name=op.f('uq_seats_held_version_id_session_id_expert_id'))
    )

    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log "
            "FOR EACH ROW EXECUTE FUNCTION audit_log_append_only()"
        )
    else:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_log_no_{verb} BEFORE {verb} ON audit_log "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )


def downgrade() -> None:
    op.drop_table('seats_held')
    op.drop_table('appointments')
    op.drop_table('sittings')
    op.drop_table('sheets')
    op.drop_table('results')
    op.drop_table('recusals')
    with op.batch_alter_table('panel_members', schema=None) as batch_op:
        batch_op.drop_index('uq_panel_members_chair', postgresql_where=sa.text('chair'), sqlite_where=sa.text('chair'))

    op.drop_table('panel_members')
    op.drop_table('outcomes')
    op.drop_table('calls')
    op.drop_table('tablet_sessions')
    op.drop_table('tablet_codes')
    op.drop_table('panels')
    op.drop_table('jobs')
    with op.batch_alter_table('applicants', schema=None) as batch_op:
        batch_op.drop_index('uq_applicants_id_no', postgresql_where=sa.text("id_no <> ''"), sqlite_where=sa.text("id_no <> ''"))

    op.drop_table('applicants')
    op.drop_table('sittings_closed')
    op.drop_table('sessions')
    with op.batch_alter_table('schedule_versions', schema=None) as batch_op:
        batch_op.drop_index('uq_schedule_versions_published', postgresql_where=sa.text("status = 'published'"), sqlite_where=sa.text("status = 'published'"))

    op.drop_table('schedule_versions')
    op.drop_table('rooms')
    with op.batch_alter_table('result_sets', schema=None) as batch_op:
        batch_op.drop_index('uq_result_sets_valid', postgresql_where=sa.text("state IN ('confirmed', 'released')"), sqlite_where=sa.text("state IN ('confirmed', 'released')"))

    op.drop_table('result_sets')
    op.drop_table('panels_signed')
    op.drop_table('panel_secretaries')
    op.drop_table('imports')
    op.drop_table('experts')
    op.drop_table('employer_aliases')
    op.drop_table('directions')
    op.drop_table('audit_payloads')
    op.drop_table('answers')
    op.drop_table('users')
    with op.batch_alter_table('sheet_records', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_records_sheet_key'))

    op.drop_table('sheet_records')
    op.drop_table('rounds')
    with op.batch_alter_table('login_failures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_failures_address_at'))
        batch_op.drop_index(batch_op.f('ix_login_failures_account_at'))

    op.drop_table('login_failures')
    op.drop_table('audit_log')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_append_only()")
