// What every page does first: switch on the few GOV.UK components it uses.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";

const common = [
  // A shaking hand taps twice: the second tap within a second is dropped.
  [Button, { preventDoubleClick: true }],
  [ErrorSummary],
  [SkipLink],
];

export function start(...more) {
  // Set here and not by an inline script, so that the security policy stays strict.
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  for (const [Component, config] of [...common, ...more.map((part) => [part])]) {
    for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
      try {
        new Component(element, config);
      } catch (error) {
        // A comfort that fails must not take the rest of the page with it.
        console.error(error);
      }
    }
  }
}
