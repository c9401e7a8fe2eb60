import { errorCodes, LandbridgeError } from '../errors.ts'

/** The steps of a change of authority, in their order; which ones run depends on the direction. */
export const fenceSteps = [
  'ping',
  'old-transactions',
  'rehearse-drain',
  'announce',
  'lifetimes',
  'open',
  'copy',
  'validator',
  'leave',
  'marker',
  'drain',
  'checksum',
  'counters',
  'commit',
  'assert',
  'foreign-keys',
] as const
export type FenceStep = (typeof fenceSteps)[number]

export interface StepTime {
  step: FenceStep
  ms: number
}

/** Called before each step; a long one may show what runs, a test may stop the coordinator right there. */
export type OnStep = (step: FenceStep) => void | Promise<void>

export interface FenceRun {
  times: StepTime[]
  /** From here on the steps share one deadline. */
  limit(ms: number): void
  unlimit(): void
  step<T>(step: FenceStep, work: () => Promise<T>): Promise<T>
}

/** Runs the steps of one change one after the other and keeps how long each took. */
export function startFenceRun(onStep: OnStep | undefined): FenceRun {
  const times: StepTime[] = []
  let deadline = Number.POSITIVE_INFINITY
  return {
    times,
    limit(ms) {
      deadline = performance.now() + ms
    },
    unlimit() {
      deadline = Number.POSITIVE_INFINITY
    },
    async step(step, work) {
      const startedAt = performance.now()
      await onStep?.(step)
      try {
        return await beforeDeadline(step, deadline - performance.now(), work)
      } finally {
        times.push({ step, ms: Math.round(performance.now() - startedAt) })
      }
    },
  }
}

/** A step that a silent server keeps waiting is given up: its late effect meets the compare-and-set on the fence. */
async function beforeDeadline<T>(step: FenceStep, leftMs: number, work: () => Promise<T>): Promise<T> {
  if (leftMs === Number.POSITIVE_INFINITY) return work()
  const late = new LandbridgeError(errorCodes.fenceUndone, `the fence's time was over at the step "${step}"`)
  if (leftMs <= 0) throw late
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late), leftMs)
  })
  try {
    return await Promise.race([work(), timeout])
  } finally {
    clearTimeout(timer)
  }
}
