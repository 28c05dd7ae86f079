"""Speed and memory, measured as ratios within one run."""


def main(*, full: bool, as_json: bool, workspace: str = "") -> int:
    """Measure the desk, or one workspace alone; 0 when every goal was met. Raises `BenchFailed`."""
    from bridge.bench.command import bench  # imported only now: `deskbridge --help` stays quick

    return bench(full=full, as_json=as_json, workspace=workspace)
