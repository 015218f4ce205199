/** In milliseconds, for each tool; what a hotplug script may take altogether is another matter (`within`). */
export const toolTimeout = 10_000;

/** In milliseconds, for the last thing that is done when all others took too long. */
export const lastTimeout = 5_000;
