import type { Timing } from '../config.ts'

/** A worker that is killed is noticed in a second and a half, and one on a busy machine is not taken for dead. */
export const quickTiming: Partial<Timing> = { heartbeatMs: 200, nodeDeadAfterMs: 1_500 }
