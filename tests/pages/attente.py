"""What a test waits for before it looks at a page: that Streamlit has nothing left to draw.

An element that is there says little: Streamlit sends a page piece by piece and draws it again
while the script runs. What is judged as a whole (accessibility, place on the screen, size) is
judged once the script has stopped and the page has been still for a moment.
"""

from __future__ import annotations

from playwright.sync_api import Page

CALME = 300
"""Milliseconds without any change after which a page is at rest."""
_AU_REPOS = """calme => {
    if (!window.clasChangements) {
        window.clasChangements = { dernier: performance.now() };
        const noter = () => (window.clasChangements.dernier = performance.now());
        // An attribute written again as it was is no change.
        const change = c => c.type !== "attributes"
            || c.target.getAttribute(c.attributeName) !== c.oldValue;
        new MutationObserver(liste => liste.some(change) && noter()).observe(document, {
            subtree: true, childList: true, characterData: true, attributeOldValue: true });
        addEventListener("scroll", noter, true);
    }
    const page = document.querySelector("[data-testid=stApp]");
    return page !== null
        && page.dataset.testConnectionState === "CONNECTED"
        && page.dataset.testScriptState === "notRunning"
        && document.querySelector("[data-stale=true]") === null
        && document.fonts.status === "loaded"
        && performance.now() - window.clasChangements.dernier >= calme;
}"""


def attendre_le_repos(page: Page) -> None:
    """Wait until the script has stopped, the fonts have come, and nothing moves any more."""
    page.wait_for_function(_AU_REPOS, arg=CALME)
