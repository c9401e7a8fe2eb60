import type { ClientBase, Pool } from 'pg'
import { allUnits, type Rate } from './throttle-settings.ts'

/** What was not used is kept for so long: workers that look again each quarter of a second still reach the rate. */
const CREDIT_SECONDS = 1

/**
 * Why the next chunk must wait for the rate, or null. Every chunk is charged when it has been copied, so a chunk that
 * was begun in time may pass the limit, and the next one waits the longer: the mean holds, over all machines, however
 * many workers there are.
 */
export async function findPaceReason(
  client: Pool | ClientBase,
  rates: readonly Rate[],
): Promise<string | null> {
  if (rates.length === 0) return null
  const { rows } = await client.query<Owed>(
    `select unit, documents, megabytes, extract(epoch from clock_timestamp() - at)::float8 as seconds
     from landbridge.pace where unit = any($1)`,
    [rates.map((rate) => rate.unit)],
  )
  for (const rate of rates) {
    const owed = rows.find((row) => row.unit === rate.unit)
    if (owed === undefined) continue
    const { documentsPerSecond, megabytesPerSecond } = rate
    if (isAhead(owed.documents, owed.seconds, documentsPerSecond)) {
      return `the rate of ${documentsPerSecond} documents/s${whose(rate)}`
    }
    if (isAhead(owed.megabytes, owed.seconds, megabytesPerSecond)) {
      return `the rate of ${megabytesPerSecond} MB/s${whose(rate)}`
    }
  }
  return null
}

/** Charges a copied chunk to every rate that holds for it. */
export async function chargePace(
  client: Pool | ClientBase,
  rates: readonly Rate[],
  copied: { documents: number; bytes: number },
): Promise<void> {
  for (const { unit, documentsPerSecond, megabytesPerSecond } of rates) {
    await client.query(
      `insert into landbridge.pace as p (unit, documents, megabytes) values ($1, $2, $3)
       on conflict (unit) do update set at = clock_timestamp(),
         documents = ${shrunk('documents', '$4')} + excluded.documents,
         megabytes = ${shrunk('megabytes', '$5')} + excluded.megabytes`,
      [unit, copied.documents, copied.bytes / 1_000_000, documentsPerSecond, megabytesPerSecond],
    )
  }
}

/** What is owed now; nothing where there is no such rate. */
function shrunk(column: string, rate: string): string {
  return `case when ${rate}::float8 is null then 0 else greatest(-${CREDIT_SECONDS} * ${rate}::float8,
    p.${column} - ${rate}::float8 * extract(epoch from clock_timestamp() - p.at)::float8) end`
}

interface Owed {
  unit: string
  documents: number
  megabytes: number
  seconds: number
}

function isAhead(owed: number, seconds: number, rate: number | null): boolean {
  return rate !== null && owed - seconds * rate > 0
}

function whose(rate: Rate): string {
  return rate.unit === allUnits ? ' for all units' : ''
}
