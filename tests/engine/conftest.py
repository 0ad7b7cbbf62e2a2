from pathlib import Path

import numpy as np
import pytest

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "traminer"


class Golden:
    """Values of the reference packages, by file name."""

    def read(self, name, **options):
        return np.loadtxt(REFERENCE / f"{name}.csv", delimiter=",", **options)

    @property
    def sequences(self):
        return self.read("sequences", dtype=np.uint8)

    @property
    def weights(self):
        return np.tile([1.0, 2.0, 3.0], 80)

    def table(self, name):
        return np.genfromtxt(REFERENCE / f"{name}.csv", delimiter=",", names=True, deletechars='"')


@pytest.fixture(scope="session")
def golden():
    if not REFERENCE.is_dir():
        pytest.skip("no golden values: shared/reference/traminer is not beside the checkout")
    return Golden()
