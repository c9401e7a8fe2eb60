/** A chain whose transfers are credited after some confirmations. */
export interface ChainConfirmations {
  /** As the setting's key names it: the chain id, or a word where there is none. */
  chain: string
  name: string
  /** Administrators may ask for more, never for less: below it a chain may still forget a transfer. */
  floor: number
}

export const chainConfirmations: readonly ChainConfirmations[] = [
  { chain: '1', name: 'ethereum', floor: 50 },
  { chain: '56', name: 'bsc', floor: 200 },
  { chain: '97', name: 'bsc-testnet', floor: 5 },
  { chain: '137', name: 'polygon', floor: 300 },
  { chain: '8453', name: 'base', floor: 300 },
  { chain: '42161', name: 'arbitrum', floor: 2400 },
  { chain: '728126428', name: 'tron', floor: 200 },
  { chain: 'ton', name: 'ton', floor: 120 },
]

const prefix = 'confirmation_threshold:'

export function thresholdKey(chain: string): string {
  return `${prefix}${chain}`
}

/** The chain that a setting's key is about; null for other settings and chains nobody knows. */
export function chainOfKey(key: string): ChainConfirmations | null {
  if (!key.startsWith(prefix)) return null
  return chainConfirmations.find(({ chain }) => thresholdKey(chain) === key) ?? null
}

export function isThresholdKey(key: string): boolean {
  return key.startsWith(prefix)
}

/** Confirmations that are asked for: the stored number, unless it is none or below the floor (old rows). */
export function confirmationsOf({ floor }: ChainConfirmations, stored: unknown): number {
  return typeof stored === 'number' && Number.isInteger(stored) && stored > floor ? stored : floor
}
