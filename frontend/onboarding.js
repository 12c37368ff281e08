import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";

import "./_idle.js";
import { start } from "./_start.js";

start(Radios);
