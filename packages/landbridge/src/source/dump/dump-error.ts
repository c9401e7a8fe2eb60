import { errorCodes, LandbridgeError } from '../../errors.ts'

/** A file of a dump that is missing or broken. */
export function unreadableDump(file: string, what: string, cause?: unknown): LandbridgeError {
  return new LandbridgeError(
    errorCodes.dumpUnreadable,
    `${file} ${what}; take the dump again, or copy from the live collection`,
    { cause, detail: { file } },
  )
}

/** A dump of which it cannot be shown that a copy from it loses no write. */
export function unsafeDump(what: string, detail: Record<string, unknown> = {}): LandbridgeError {
  return new LandbridgeError(
    errorCodes.dumpNotSafe,
    `${what}. Nothing was copied; take a whole dump of this replica set with \`mongodump --oplog\`, or copy from the live collection`,
    { detail },
  )
}
