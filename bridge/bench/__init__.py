"""Speed and memory, measured as ratios within one run."""

from bridge.bench.span import Span


def main(
    *,
    full: bool,
    as_json: bool,
    part: str = "",
    database_url: str | None = None,
    span: Span | None = None,
) -> int:
    """Measure the desk, or one part alone (`routing`, `soak`, a workspace); 0 when goals were met.

    `database_url` is an empty PostgreSQL database, on which it is measured, too. With a `span` two
    pasts of that length are compared.
    Raises `BenchFailed`.
    """
    from bridge.bench.command import bench  # imported only now: `deskbridge --help` stays quick

    return bench(full=full, as_json=as_json, part=part, database_url=database_url, span=span)
