import { start } from "./_start.js";

start();
