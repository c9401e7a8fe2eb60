import { type ErrorCode, errorCodes, LandbridgeError } from '../errors.ts'

/** What a script can tell from the exit code of every verb. */
export const exitCodes = {
  done: 0,
  error: 1,
  usage: 2,
  notReady: 3,
  differences: 4,
  lag: 5,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const byError: Partial<Record<ErrorCode, ExitCode>> = {
  [errorCodes.usage]: exitCodes.usage,
  [errorCodes.config]: exitCodes.usage,
  [errorCodes.unknownName]: exitCodes.usage,
  [errorCodes.gateNotMet]: exitCodes.notReady,
  [errorCodes.stepNotAllowed]: exitCodes.notReady,
  [errorCodes.fenceBusy]: exitCodes.notReady,
  [errorCodes.differences]: exitCodes.differences,
  [errorCodes.captureBehind]: exitCodes.lag,
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof LandbridgeError) return byError[error.code] ?? exitCodes.error
  return exitCodes.error
}
