import { DomainError } from '../../platform/errors.ts'

export function settingTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'SETTING_TAKEN',
    status: 409,
    title: 'Set meanwhile',
    detail: 'Somebody else has set this for the first time just now. Look at it and try again.',
    cause,
  })
}

export function unknownChain(chain: string): DomainError {
  return new DomainError({
    code: 'CHAIN_UNKNOWN',
    status: 400,
    title: 'Unknown chain',
    detail: `There is no chain "${chain.slice(0, 30)}" with confirmations. GET the thresholds to see which there are.`,
  })
}

export function thresholdBelowFloor(name: string, floor: number): DomainError {
  return new DomainError({
    code: 'THRESHOLD_BELOW_FLOOR',
    status: 400,
    title: 'Below the floor',
    detail: `Transfers on ${name} need at least ${floor} confirmations. Send a whole number from there on.`,
  })
}
