// The page of the set-up, at an address of its own.

import { begin, parameter } from "./session.js";
import { NEEDS, openSetUp } from "./setup_view.js";

begin(() => openSetUp(parameter("channel")), NEEDS);
