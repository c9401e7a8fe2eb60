import type { Document } from 'bson'
import { isDocument } from './bson/value-type.ts'
import { badValue, notSupported } from './server-error.ts'

interface FailPoint {
  readonly data: Document
  /** How many matching commands pass first, and how many fail then. */
  skip: number
  times: number
  /** How often a matching command fails, between 0 and 1. */
  readonly probability: number
}

const KNOWN = new Set(['failCommand', 'failGetMoreAfterCursorCheckout', 'onPrimaryTransactionalWrite'])

/** Faults that a test asks for with `configureFailPoint`. */
export class FailPoints {
  readonly #points = new Map<string, FailPoint>()

  configure(name: string, mode: unknown, data: Document): void {
    if (!KNOWN.has(name)) throw notSupported(`fail point ${name}`)
    if (mode === 'off') {
      this.#points.delete(name)
      return
    }
    const counts = modeCounts(mode)
    this.#points.set(name, {
      data,
      skip: Number(counts.skip ?? 0),
      times: counts.times === undefined ? Number.POSITIVE_INFINITY : Number(counts.times),
      probability: Number(counts.activationProbability ?? 1),
    })
  }

  /** What shall go wrong with this command; counts it. `inCursor`: the fault strikes a cursor that was found already. */
  forCommand(
    command: string,
    appName: string | undefined,
  ): { data: Document; inCursor: boolean } | undefined {
    if (command === 'configureFailPoint') return undefined
    const data = this.#take(
      'failCommand',
      ({ failCommands, appName: only }) =>
        Array.isArray(failCommands) &&
        // Commands whose alias is another spelling (ismaster) count under either.
        failCommands.some((name) => String(name).toLowerCase() === command.toLowerCase()) &&
        (only === undefined || only === appName),
    )
    if (data !== undefined) return { data, inCursor: false }
    const inCursor =
      command === 'getMore' ? this.#take('failGetMoreAfterCursorCheckout', () => true) : undefined
    return inCursor === undefined ? undefined : { data: inCursor, inCursor: true }
  }

  /** What shall go wrong with a retryable write: before it is done, or after. */
  forRetryableWrite(): Document | undefined {
    return this.#take('onPrimaryTransactionalWrite', () => true)
  }

  #take(name: string, applies: (data: Document) => boolean): Document | undefined {
    const point = this.#points.get(name)
    if (point === undefined || !applies(point.data)) return undefined
    if (point.skip > 0) {
      point.skip--
      return undefined
    }
    if (point.times <= 0 || Math.random() >= point.probability) return undefined
    point.times--
    return point.data
  }
}

const MODES = ['times', 'skip', 'activationProbability']

function modeCounts(mode: unknown): Document {
  if (mode === 'alwaysOn') return {}
  if (!isDocument(mode)) throw badValue(`unknown mode '${String(mode)}' of a fail point`)
  const unknown = Object.keys(mode).find((name) => !MODES.includes(name))
  if (unknown !== undefined) throw badValue(`unknown mode '${unknown}' of a fail point`)
  return mode
}
