import { signerOf } from '../../platform/evm-signature.ts'
import { isSameAddress } from '../../platform/extended-key.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import { trezorProofInvalid } from './errors.ts'

/** What the device signs to register: it names the person, so that nobody else can use the signature. */
export function registrationMessage(userId: EntityId, fingerprint: string, address: string): string {
  return [
    'Amanat escrow Trezor registration',
    `User: ${publicId(userId)}`,
    `Key: ${fingerprint}`,
    `Address: ${address}`,
  ].join('\n')
}

/** What the device signs for one operation. */
export function operationMessage(
  userId: EntityId,
  { operation, reference, issuedAt }: { operation: string; reference: string; issuedAt: string },
): string {
  return [
    'Amanat escrow Trezor operation',
    `User: ${publicId(userId)}`,
    `Operation: ${operation}`,
    `Reference: ${reference}`,
    `Issued: ${issuedAt}`,
  ].join('\n')
}

/** Raises TREZOR_PROOF_INVALID where `address` did not sign this very message. */
export async function assertSigned(message: string, signature: string, address: string): Promise<void> {
  if (isSameAddress(await signerOf(message, signature), address)) return
  throw trezorProofInvalid(
    'The signature is not of the registration address over the message that was asked for.',
  )
}
