import type { Random } from '../../../../seed/legacy/random.ts'
import type { AcknowledgedWrites, Expectation } from '../acknowledged-writes.ts'
import type { Answer, CallOptions, LoadActor, LoadClient } from './http-client.ts'

/** What the players of the load share. */
export interface LoadWorld {
  client: LoadClient
  writes: AcknowledgedWrites
  counts: LoadCounts
  random: Random
  admin: LoadActor
  buyers: LoadActor[]
  sellers: LoadActor[]
  /** An active category that requests name. */
  categoryId: string
  /** The webhook key that the processes have, for the scanner that the load plays. */
  webhookSecretKey: string
  /** The bot token that the processes have, for the Telegram that the load plays. */
  telegramBotToken: string
  /** The code that was mailed to an address, once its process has said so. */
  mailedCode(address: string): Promise<string | null>
  stopped: boolean
}

export interface LoadCounts {
  reads: number
  readsRefused: number
  refused: number
  unknown: number
  /** Refused writes by code. */
  codes: Map<string, number>
}

export function newLoadCounts(): LoadCounts {
  return { reads: 0, readsRefused: 0, refused: 0, unknown: 0, codes: new Map() }
}

/** What became of the load's calls, in one line. */
export function describeLoad({ refused, unknown, reads, readsRefused, codes }: LoadCounts): string {
  const byCode = [...codes].map(([code, count]) => `${count} ${code}`).join(', ')
  const why = byCode === '' ? '' : ` (${byCode})`
  return `${refused} refused${why}, ${unknown} without an answer; ${reads} reads, ${readsRefused} of them not served`
}

type Target = Omit<Expectation, 'allowed'>

/** One value that a write sets, to be looked up later. */
export interface Written {
  target: Target
  /** The value, or the values that may follow from it by an effect. */
  allowed: unknown[]
}

/**
 * Sends a write and remembers what its answer says. `written` tells what the document must hold if it was done: from
 * the answer's data, or before the answer where the document is known already.
 */
export async function write(
  world: LoadWorld,
  method: string,
  path: string,
  options: CallOptions,
  written: (data: Record<string, unknown>) => Written[],
): Promise<Answer> {
  const answer = await world.client.call(method, path, options)
  if (answer.kind === 'done') {
    for (const { target, allowed } of written(answer.data)) world.writes.acknowledge(target, allowed)
  } else if (answer.kind === 'unknown') {
    world.counts.unknown += 1
    for (const { target, allowed } of written({})) world.writes.unknown(target, allowed)
  } else {
    world.counts.refused += 1
    world.counts.codes.set(answer.code, (world.counts.codes.get(answer.code) ?? 0) + 1)
  }
  return answer
}

export async function read(world: LoadWorld, path: string, options: CallOptions = {}): Promise<Answer> {
  const answer = await world.client.call('GET', path, options)
  world.counts.reads += 1
  if (answer.kind !== 'done') world.counts.readsRefused += 1
  return answer
}

/** The id in an answer's data, as text; empty where there is none. */
export function idIn(data: Record<string, unknown>): string {
  return typeof data.id === 'string' ? data.id : ''
}
