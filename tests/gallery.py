"""Takes a picture of every view of the window, in both themes, to be looked at by people.

    gallery.py PROGRAM MODEL FOLDER [WIDTHxHEIGHT ...] [-- FLAG ...]

Pictures are FOLDER/WIDTHxHEIGHT-THEME-VIEW.png; flags go to the program (--prompt, --ids). Also
says how long frames took to build, and how long it took from a step to the new drawing of a view.
"""

import sys
from pathlib import Path

import window_driver
from window_driver import opened


def step(window):
    before = window.state()["step"]
    window.key("space")
    window.wait(lambda s: s["step"] == before + 1, "a step")


def take(program, model, folder, size, flags):
    width, height = map(int, size.split("x"))
    window_driver.WIDTH, window_driver.HEIGHT = width, height
    with opened(program, model, *flags) as window:
        window.key("F11")
        window.settle()
        stepped = []
        for theme in ("light", "dark"):
            name, taken = window.state()["view"], set()
            while name not in taken:
                taken.add(name)
                window.rest_mouse()
                window.settle()
                window.keep_picture(folder / f"{size}-{theme}-{name}.png")
                if theme == "light":
                    step(window)
                    stepped.append(name)
                window.key("Next")
                name = window.wait(lambda s: s["view"] != name, "the next view")["view"]
            window.key("t")
        window.close()
        lines = [line.split() for line in window.frame_log.read_text().splitlines()]
        build = sorted(float(line[2]) for line in lines if line[0][0].isdigit())[10:]
        drawn = [float(line[1]) for line in lines if line[0] == "drawn"][1:]
        print(f"{size}: {len(build)} frames built in ms: median {build[len(build) // 2]:.1f}, "
              f"99 % below {build[len(build) * 99 // 100]:.1f}, longest {build[-1]:.1f}")
        print("  from a new step to its drawing, ms:",
              ", ".join(f"{name} {ms:.0f}" for name, ms in zip(stepped, drawn)))


def main():
    arguments = sys.argv[1:]
    flags = []
    if "--" in arguments:
        flags = arguments[arguments.index("--") + 1:]
        arguments = arguments[:arguments.index("--")]
    if len(arguments) < 3:
        sys.exit(__doc__.strip())
    program, model, folder, *sizes = arguments
    Path(folder).mkdir(parents=True, exist_ok=True)
    for size in sizes or ["1280x720", "1920x1080", "3840x2160"]:
        take(program, model, Path(folder), size, flags)
    return 1 if window_driver.failed else 0


if __name__ == "__main__":
    sys.exit(main())
