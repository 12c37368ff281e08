// A page that answers a form stands in the browser's history with everything that was posted, to send it again on a
// reload, and the browser writes that to its disk. The page's entry becomes that of the page with the form.
if (document.body.hasAttribute("data-answer")) {
  const from = document.referrer.startsWith(`${location.origin}/`) ? document.referrer : location.href;
  history.replaceState(history.state, "", from);
}
