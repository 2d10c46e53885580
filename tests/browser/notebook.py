#!/usr/bin/python3
"""Opens a notebook in JupyterLab as a person would, with a headless Chromium, and runs it from top to bottom.

  notebook.py URL TOKEN-FILE OUTPUT-FOLDER [--notebook first-steps.ipynb] [--figures 1] [--timeout 180]

TOKEN-FILE may be `-` for standard input: the token is in no argument. Types it on the login page, opens the notebook, clears
it, chooses Run > Run All Cells, waits and saves; the saved file must say that every cell has run and none failed.
OUTPUT-FOLDER gets notebook.png, or failure.png of the moment that something was not as it should be.
Exit code: 0, 1 (failed), 2 (usage), 77 (no browser).

Needs Debian's chromium, chromium-driver and python3-selenium, thus /usr/bin/python3 and no other.
"""

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

try:
    from selenium import webdriver
    from selenium.common.exceptions import StaleElementReferenceException, TimeoutException, WebDriverException
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    print("notebook.py: no selenium: apt-get install python3-selenium chromium chromium-driver", file=sys.stderr)
    sys.exit(77)

BROWSER = Path("/usr/bin/chromium")
DRIVER = Path("/usr/bin/chromedriver")
WIDTH, HEIGHT = 1280, 800
# The server was ready before; these are for the pages.
PAGE_SECONDS = 60
MENU_SECONDS = 3
SAVE_SECONDS = 10
LOGIN_SECONDS = 20


# The notebook in front.
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"


class Failure(Exception):
    """What was not as it should be, in a line."""


def parse_arguments():
    parser = argparse.ArgumentParser(description="Runs a notebook in JupyterLab with a headless browser.")
    parser.add_argument("url", help="address of JupyterLab, as http://127.0.0.1:8888")
    parser.add_argument("token_file", help="file with the login token, - for standard input")
    parser.add_argument("output", type=Path, help="folder of the screenshot")
    parser.add_argument("--notebook", default="first-steps.ipynb", help="path below JupyterLab's root")
    parser.add_argument("--figures", type=int, default=1, help="how many figures there must be at least")
    parser.add_argument("--timeout", type=int, default=180, help="seconds that the cells may take")
    return parser.parse_args()


def read_token(name):
    try:
        token = (sys.stdin.read() if name == "-" else Path(name).read_text()).strip()
    except OSError as error:
        raise Failure(f"the token cannot be read: {error}") from error
    if not token:
        raise Failure("the token is empty")
    return token


@contextmanager
def browser():
    """A Chromium without a past: profile and processes are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="datamill-browser-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(BROWSER)
        for flag in (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={profile}",
        ):
            options.add_argument(flag)
        driver = webdriver.Chrome(service=Service(str(DRIVER)), options=options)
        try:
            # The window's size includes its frame; this is the page's.
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                   {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False})
            driver.set_page_load_timeout(PAGE_SECONDS)
            driver.set_script_timeout(PAGE_SECONDS)
            yield driver
        finally:
            driver.quit()


def refuse_dialog(driver):
    """A dialog covers the page: nothing that is waited for can come."""
    for dialog in visible(driver, ".jp-Dialog"):
        raise Failure(f"JupyterLab asks or complains: {' '.join(dialog.text.split())[:300]}")


def wait(driver, seconds, what, condition):
    """The condition's value once it is true."""

    def undisturbed(_):
        refuse_dialog(driver)
        return condition(driver)

    try:
        return WebDriverWait(driver, seconds, 0.2, (StaleElementReferenceException,)).until(undisturbed)
    except TimeoutException:
        raise Failure(f"{what}: not seen within {seconds} s at {driver.current_url}") from None


def visible(driver, selector):
    return [item for item in driver.find_elements(By.CSS_SELECTOR, selector) if item.is_displayed()]


def log_in(driver, url, token):
    driver.get(url)
    field = wait(driver, PAGE_SECONDS, "the login page", lambda d: visible(d, "input[name=password]"))[0]
    field.send_keys(token)
    wait(driver, LOGIN_SECONDS, "the login button", lambda d: visible(d, "#login_submit"))[0].click()
    # Either the page behind, or the same page with a message.
    seen = wait(driver, PAGE_SECONDS, "an answer to the login",
                lambda d: visible(d, "#main-menu, #jp-MainMenu, .jp-LabShell, .message.error, .error"))[0]
    if driver.find_elements(By.CSS_SELECTOR, "input[name=password]"):
        raise Failure(f"the login was refused: {seen.text.strip() or 'no reason given'}")


def open_notebook(driver, notebook):
    wait(driver, PAGE_SECONDS, "JupyterLab's menu", lambda d: visible(d, "#jp-MainMenu .lm-MenuBar-item"))

    wait(driver, PAGE_SECONDS, f"the cells of {notebook}", lambda d: visible(d, f"{PANEL} .jp-Cell"))
    wait(driver, PAGE_SECONDS, "an idle kernel", kernel_is_idle)


def kernel_is_idle(driver):
    return visible(driver, f"{PANEL} .jp-Notebook-ExecutionIndicator[data-status=idle]")


def choose(driver, menu, entry):
    """Chooses an entry of the main menu by its text."""

    def menu_item(_):
        return next((item for item in visible(driver, "#jp-MainMenu .lm-MenuBar-item")
                     if item.text.strip() == menu), None)

    def entry_item(_):
        return next((item for item in visible(driver, ".lm-Menu-item:not(.lm-mod-disabled)")
                     if item.find_element(By.CSS_SELECTOR, ".lm-Menu-itemLabel").text.strip() == entry), None)

    end = time.monotonic() + PAGE_SECONDS
    while True:
        wait(driver, PAGE_SECONDS, f"menu {menu}", menu_item).click()
        try:
            return wait(driver, MENU_SECONDS, f"menu {menu} > {entry}", entry_item).click()
        except Failure:
            if time.monotonic() > end:
                raise
            # An open menu does not see when its entry may be chosen at last.
            ActionChains(driver).send_keys(Keys.ESCAPE).perform()


def is_saved(driver):
    return not driver.find_elements(By.CSS_SELECTOR, "#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current.jp-mod-dirty")


def saved_cells(driver, url, notebook):
    """Saves, and gives the code cells of the file as the server has it.

    Never reads while the server writes: it empties the file first, takes that for damage and moves the file away.
    """
    end = time.monotonic() + PAGE_SECONDS
    while not is_saved(driver):
        choose(driver, "File", "Save Notebook")
        try:
            wait(driver, SAVE_SECONDS, "saving", is_saved)
        except Failure:
            # What the kernel says of itself may come, and change the notebook, while it is being saved.
            if time.monotonic() > end:
                raise
    answer = driver.execute_async_script(
        """const done = arguments[arguments.length - 1];
        fetch(arguments[0], {cache: 'no-store'})
          .then(async r => done(r.ok ? {cells: (await r.json()).content.cells} : {error: 'HTTP ' + r.status}))
          .catch(e => done({error: String(e)}));""",
        f"{url}/api/contents/{quote(notebook)}?type=notebook&content=1")
    if "error" in answer:
        raise Failure(f"{notebook} cannot be read from the server: {answer['error']}")
    cells = [cell for cell in answer["cells"] if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
    if not cells:
        raise Failure(f"{notebook} has no code")
    return cells


def until(driver, url, notebook, seconds, what, good):
    """Waits for the kernel, saves and reads, until the cells are good."""
    deadline = time.monotonic() + seconds
    while True:
        wait(driver, max(1, round(deadline - time.monotonic())), f"{what}: the kernel's end of work", kernel_is_idle)
        cells = saved_cells(driver, url, notebook)
        if good(cells):
            return cells
        if time.monotonic() > deadline:
            run = sum(cell["execution_count"] is not None for cell in cells)
            raise Failure(f"{what}: not within {seconds} s; {run} of {len(cells)} cells have run")
        time.sleep(1)  # the kernel may not have begun yet


def all_ran(cells):
    for number, cell in enumerate(cells, 1):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                raise Failure(f"code cell {number} of {len(cells)} raised {output['ename']}: {output['evalue'][:300]}")
    return all(cell["execution_count"] is not None for cell in cells)


def run_all(driver, url, notebook, seconds):
    # What an earlier run left in the file must not pass for this run's.
    choose(driver, "Edit", "Clear Outputs of All Cells")
    until(driver, url, notebook, PAGE_SECONDS, "clearing the notebook",
          lambda cells: all(cell["execution_count"] is None and not cell["outputs"] for cell in cells))
    choose(driver, "Run", "Run All Cells")
    return until(driver, url, notebook, seconds, "running all cells", all_ran)


def figure_in_view(driver):
    """Scrolls on until a figure is loaded and drawn. JupyterLab holds only what is near the view in the page."""
    return driver.execute_script(
        """const panel = document.querySelector(arguments[0]);
        for (const img of panel.querySelectorAll('.jp-OutputArea-output img')) {
          img.scrollIntoView({block: 'center'});
          if (img.complete && img.naturalWidth > 100 && img.clientWidth > 100) return img;
        }
        const before = panel.scrollTop;
        panel.scrollTop += panel.clientHeight / 2;
        if (panel.scrollTop === before) panel.scrollTop = 0;
        return null;""",
        f"{PANEL} .jp-WindowedPanel-outer")


def check_figures(driver, cells, wanted):
    """The figures are in the file, and one is on the page; leaves it in view."""
    saved = sum("image/png" in output.get("data", {}) for cell in cells for output in cell["outputs"])
    if saved < wanted:
        raise Failure(f"figures in the outputs: {saved}, expected: {wanted}")
    if wanted:
        wait(driver, PAGE_SECONDS, "a figure on the page", figure_in_view)
    return saved


def take_picture(driver, path):
    time.sleep(1)  # what came into view is drawn
    if not driver.save_screenshot(str(path)):
        raise Failure(f"{path} cannot be written")


def check(driver, arguments, token):
    url = arguments.url.rstrip("/")
    # A workspace of its own: the tabs of earlier visits stay out.
    log_in(driver, f"{url}/lab/workspaces/browser-test/tree/{quote(arguments.notebook)}?reset", token)
    open_notebook(driver, arguments.notebook)
    cells = run_all(driver, url, arguments.notebook, arguments.timeout)
    figures = check_figures(driver, cells, arguments.figures)
    take_picture(driver, arguments.output / "notebook.png")
    return f"{arguments.notebook}: {len(cells)} cells ran, figures: {figures}"


def main():
    arguments = parse_arguments()
    for needed in (BROWSER, DRIVER):
        if not needed.exists():
            print(f"notebook.py: no {needed}: apt-get install chromium chromium-driver", file=sys.stderr)
            return 77
    arguments.output.mkdir(parents=True, exist_ok=True)
    for old in ("notebook.png", "failure.png"):
        (arguments.output / old).unlink(missing_ok=True)
    try:
        token = read_token(arguments.token_file)
        with browser() as driver:
            try:
                print(check(driver, arguments, token))
            except (Failure, WebDriverException):
                driver.save_screenshot(str(arguments.output / "failure.png"))
                refuse_dialog(driver)  # where there is one, it is the reason
                raise
    except Failure as failure:
        print(f"notebook.py: FAILED: {failure}", file=sys.stderr)
        return 1
    except WebDriverException as error:
        # The first line says it; the rest is a trace of the driver's addresses.
        reason = (error.msg or type(error).__name__).splitlines()[0]
        print(f"notebook.py: FAILED: the browser: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
