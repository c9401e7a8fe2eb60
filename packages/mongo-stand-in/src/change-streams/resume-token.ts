import type { Document } from 'bson'
import { isDocument } from '../bson/value-type.ts'
import { serverError } from '../server-error.ts'
import type { ClusterTime } from '../storage/cluster-clock.ts'

/** What a resume token stands for: right behind an event, or behind everything up to a time. */
export type ResumePoint =
  | { kind: 'event'; time: ClusterTime; part: number; fragment: number | undefined }
  | { kind: 'time'; time: ClusterTime }
  | { kind: 'invalidate'; time: ClusterTime; part: number }

const KINDS = { time: '00', event: '04', invalidate: 'FF' } as const
const FORMAT = /^82([0-9A-F]{16})([0-9A-F]{8})(00|04|FF)([0-9A-F]{4})?$/i

/** Tokens compare as texts in the order of what they stand for, as those of a mongod do. */
export function encodeToken(point: ResumePoint): Document {
  const time = hex(point.time, 16)
  const part = point.kind === 'time' ? 'F'.repeat(8) : hex(point.part, 8)
  const fragment = point.kind === 'event' && point.fragment !== undefined ? hex(point.fragment, 4) : ''
  return { _data: `82${time}${part}${KINDS[point.kind]}${fragment}` }
}

/** @throws ServerError InvalidResumeToken for what is no token of this server. */
export function decodeToken(token: unknown): ResumePoint {
  const text: unknown = isDocument(token) ? token._data : undefined
  const match = typeof text === 'string' ? FORMAT.exec(text) : null
  if (match === null) {
    throw serverError(260, 'InvalidResumeToken', 'The resume token is not one of this server')
  }
  const time = BigInt(`0x${match[1]}`)
  const part = Number.parseInt(match[2] ?? '', 16)
  const kind = match[3]?.toUpperCase()
  if (kind === KINDS.time) return { kind: 'time', time }
  if (kind === KINDS.invalidate) return { kind: 'invalidate', time, part }
  return {
    kind: 'event',
    time,
    part,
    fragment: match[4] === undefined ? undefined : Number.parseInt(match[4], 16),
  }
}

function hex(value: number | bigint, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}
