import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'

/** The one change stream on the source. */
export const captureName = 'mongo'

/** An opaque token that MongoDB resumes a change stream after. */
export interface ResumeToken {
  _data: string
}

/** How far a capture has read: everything up to here has been dealt with. Only moves forward. */
export interface Position {
  clusterTime: bigint
  token: ResumeToken
}

const tokenSchema = z.object({ _data: z.string() })
const rowSchema = z.object({
  clusterTime: z.coerce.bigint(),
  token: tokenSchema,
  updatedAt: z.date(),
  lostAt: z.date().nullable(),
})

export type StoredPosition = z.infer<typeof rowSchema>

export function parseToken(value: unknown): ResumeToken {
  return tokenSchema.parse(value)
}

/** A token with the cluster time that it holds; `known` is a time that it is not before, for a token that holds none. */
export function positionOf(token: ResumeToken, known: bigint): Position {
  const inside = clusterTimeOfToken(token)
  return { token, clusterTime: inside ?? known }
}

/** Negative if `a` is before `b`. Tokens of one cluster time (one transaction) sort as their texts do. */
export function comparePositions(a: Position, b: Position): number {
  if (a.clusterTime !== b.clusterTime) return a.clusterTime < b.clusterTime ? -1 : 1
  return a.token._data < b.token._data ? -1 : a.token._data > b.token._data ? 1 : 0
}

export function serializePosition(position: Position): string {
  return `${position.clusterTime}/${position.token._data}`
}

export function parsePosition(text: string): Position {
  const [clusterTime, data] = text.split('/')
  return { clusterTime: z.coerce.bigint().parse(clusterTime), token: parseToken({ _data: data }) }
}

/** Seconds since 1970 of a cluster time. */
export function secondsOf(clusterTime: bigint): number {
  return Number(clusterTime >> 32n)
}

export async function readPosition(client: Pool | ClientBase): Promise<StoredPosition | undefined> {
  const { rows } = await client.query(
    `select cluster_time as "clusterTime", resume_token as token, updated_at as "updatedAt", lost_at as "lostAt"
     from landbridge.position where capture = $1 and resume_token is not null`,
    [captureName],
  )
  return rows[0] === undefined ? undefined : rowSchema.parse(rows[0])
}

/**
 * Stores the position; must be called in the transaction that covers what lies before it, or later, never earlier.
 * Answers false, and changes nothing, if the stored one is ahead: another capture has overtaken this one.
 */
export async function storePosition(tx: ClientBase, position: Position): Promise<boolean> {
  const result = await tx.query(
    `insert into landbridge.position as stored (capture, cluster_time, resume_token) values ($1, $2, $3)
     on conflict (capture) do update set cluster_time = excluded.cluster_time,
       resume_token = excluded.resume_token, updated_at = now()
     where (stored.cluster_time, coalesce(stored.resume_token ->> '_data', '') collate "C")
       <= (excluded.cluster_time, excluded.resume_token ->> '_data' collate "C")`,
    [captureName, String(position.clusterTime), JSON.stringify(position.token)],
  )
  return result.rowCount === 1
}

/** Locks the stored position and tells whether it is ahead of this one. */
export async function isOvertaken(tx: ClientBase, position: Position): Promise<boolean> {
  const { rows } = await tx.query(
    'select cluster_time as "clusterTime", resume_token as token from landbridge.position where capture = $1 for update',
    [captureName],
  )
  const [row] = rows
  if (row === undefined || row.token === null) return false
  const stored = rowSchema.pick({ clusterTime: true, token: true }).parse(row)
  return comparePositions(stored, position) > 0
}

/** A token's text begins with the cluster time: type byte 0x82, then seconds and counter in 16 hex digits. */
function clusterTimeOfToken(token: ResumeToken): bigint | undefined {
  const found = /^82([0-9a-f]{16})/i.exec(token._data)
  return found?.[1] === undefined ? undefined : BigInt(`0x${found[1]}`)
}
