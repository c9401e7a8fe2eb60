import { ECDH } from 'node:crypto'
import { HDKey } from '@scure/bip32'
import { getAddress, type Hex } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import { DomainError } from './errors.ts'

/** The extended public key of an account (m/44'/60'/0'): it gives addresses, and never a key that could spend. */
export interface AccountKey {
  /** As people compare it on their device: 8 hex digits. */
  fingerprint: string
  /** The EVM address with its checksum at `0/index` below the account. */
  addressAt(index: number): string
}

/** Indexes past this one are hardened, which a public key cannot derive. */
export const highestIndex = 2 ** 31 - 1

const PRIVATE_KEY = /^\s*[a-z]prv/i

/** Raises PRIVATE_KEY_REFUSED, INVALID_XPUB. Neither repeats what was sent: it may be a secret. */
export function readAccountKey(xpub: string): AccountKey {
  if (PRIVATE_KEY.test(xpub)) throw privateKeyRefused()
  const account = parse(xpub)
  const external = account.deriveChild(0)
  return {
    fingerprint: account.fingerprint.toString(16).padStart(8, '0'),
    addressAt: (index) => addressOf(external.deriveChild(index)),
  }
}

/** The spelling with checksum, or null where the text is no EVM address (a wrong checksum included). */
export function checksumAddress(text: string): string | null {
  try {
    return getAddress(text)
  } catch {
    return null
  }
}

export function isSameAddress(left: string | null, right: string | null): boolean {
  return left !== null && right !== null && left.toLowerCase() === right.toLowerCase()
}

function parse(xpub: string): HDKey {
  try {
    return HDKey.fromExtendedKey(xpub)
  } catch {
    // Without a cause: the library's message may quote the key.
    throw new DomainError({
      code: 'INVALID_XPUB',
      status: 400,
      title: 'Not an extended public key',
      detail: "Send the account's xpub (m/44'/60'/0') as the device shows it.",
    })
  }
}

function addressOf({ publicKey }: HDKey): string {
  if (publicKey === null) throw new Error('A derived key has no public key.')
  return publicKeyToAddress(uncompressed(publicKey))
}

/** Viem hashes the point as 65 bytes; BIP-32 hands it over as 33. */
function uncompressed(publicKey: Uint8Array): Hex {
  return `0x${Buffer.from(ECDH.convertKey(publicKey, 'secp256k1', undefined, undefined, 'uncompressed') as Buffer).toString('hex')}`
}

function privateKeyRefused(): DomainError {
  return new DomainError({
    code: 'PRIVATE_KEY_REFUSED',
    status: 400,
    title: 'Never send a private key',
    detail:
      'This was a private key: treat it as stolen and move what it holds. Only public keys (xpub) are taken.',
  })
}
