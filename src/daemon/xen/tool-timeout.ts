/**
 * In milliseconds, for each tool that a hotplug script waits for: libxl gives up after 40 s (LIBXL_HOTPLUG_TIMEOUT), and no
 * more than five of them run one after the other.
 */
export const toolTimeout = 5_000;
