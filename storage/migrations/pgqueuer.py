"""PgQueuer's tables: what makes them on PostgreSQL, and what takes them away again."""

from pathlib import Path

INSTALL = Path(__file__).with_name("pgqueuer_1_6.sql").read_text()

REMOVE = """
DROP TABLE pgqueuer, pgqueuer_log, pgqueuer_schedules, pgqueuer_statistics;
DROP FUNCTION fn_pgqueuer_changed(), fn_pgqueuer_log_nothing();
DROP TYPE pgqueuer_status;
"""
