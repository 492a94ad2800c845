"""The AWS emulator, with what our stack uses of AWS and the emulator lacks."""

from ministack.app import main

import automation  # noqa: F401
import test_invoke  # noqa: F401

if __name__ == "__main__":
    main()
