import type { Actor } from '../../platform/auth-guard.ts'
import { type Clock, MINUTE } from '../../platform/clock.ts'
import { DomainError, notFound } from '../../platform/errors.ts'
import {
  type AccountKey,
  checksumAddress,
  isSameAddress,
  readAccountKey,
} from '../../platform/extended-key.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { TrezorRepositories, Units } from '../../units.ts'
import type { PaymentReadModel } from '../payment/index.ts'
import {
  registrationAddressDiffers,
  trezorAddressTaken,
  trezorKeyTaken,
  trezorNotRegistered,
  trezorProofInvalid,
  trezorProofRequired,
} from './errors.ts'
import type { NextAddressInput, OperationInput, Registration, RegistrationMessageQuery } from './input.ts'
import { type IssuedAddress, type NewIssuedAddress, nextIndexOf, type TrezorAccount } from './model.ts'
import { assertSigned, operationMessage, registrationMessage } from './proof.ts'

export interface TrezorServiceOptions {
  units: Pick<Units, 'trezor'>
  payments: PaymentReadModel
  clock: Clock
  /** Whether nobody registers, or moves money, without a signature of the device. */
  trezorProofRequired: boolean
}

export interface OperationProof {
  verified: boolean
  required: boolean
  /** What the device signs, or signed. */
  message: string
}

export interface TrezorService {
  /** Raises PRIVATE_KEY_REFUSED, INVALID_XPUB, TREZOR_ADDRESS_DIFFERS. */
  registrationMessage(actor: Actor, query: RegistrationMessageQuery): string
  /**
   * Makes this device the person's one active account; the same device again is the same account. Raises the same,
   * and TREZOR_PROOF_REQUIRED, TREZOR_PROOF_INVALID, TREZOR_KEY_TAKEN.
   */
  register(actor: Actor, input: Registration): Promise<TrezorAccount>
  account(actor: Actor): Promise<TrezorAccount | null>
  /**
   * The address for a payment, the same one however often; without a payment a fresh one. Raises
   * TREZOR_NOT_REGISTERED, NOT_FOUND (the payment), TREZOR_ADDRESS_TAKEN.
   */
  nextAddress(actor: Actor, input: NextAddressInput): Promise<IssuedAddress>
  /**
   * Whether the registered device signed for this operation in the last minutes. It proves who holds the device, and
   * nothing about an address that is paid to. Raises TREZOR_NOT_REGISTERED, TREZOR_PROOF_INVALID.
   */
  verifyOperation(actor: Actor, input: OperationInput): Promise<OperationProof>
}

const signatureLives = 15 * MINUTE

/** Hardware wallets of people: public keys, the addresses below them, and proofs of who holds the device. */
export function createTrezorService(options: TrezorServiceOptions): TrezorService {
  const { units, payments, clock } = options
  const isProofRequired = options.trezorProofRequired

  async function proven(actor: Actor, input: Registration, key: AccountKey): Promise<void> {
    const { proofMessage, proofSignature, registrationAddress } = input
    if (proofSignature === undefined) {
      if (isProofRequired) throw trezorProofRequired()
      return
    }
    const message = registrationMessage(actor.id, key.fingerprint, key.addressAt(0))
    if (proofMessage !== undefined && proofMessage !== message) {
      throw trezorProofInvalid('This is not the registration message. Ask for it and sign it as it is.')
    }
    await assertSigned(message, proofSignature, registrationAddress)
  }

  async function enrol(
    { accounts }: TrezorRepositories,
    userId: EntityId,
    { xpub, basePath, deviceLabel }: Registration,
    key: AccountKey,
  ): Promise<TrezorAccount> {
    const at = clock.now()
    const known = await accounts.listByXpub(xpub)
    const mine = known.find((account) => account.userId === userId)
    if (mine === undefined && known.length > 0) throw trezorKeyTaken()
    await accounts.deactivateOthers(userId, mine?.id ?? null, at)
    const id = mine?.id ?? newId(at)
    if (mine !== undefined) {
      await accounts.update(id, { isActive: true, ...(deviceLabel === undefined ? {} : { deviceLabel }) }, at)
    } else {
      await accounts.insert({
        id,
        userId,
        xpub,
        xpubFingerprint: key.fingerprint,
        basePath,
        registrationAddress: key.addressAt(0),
        deviceLabel: deviceLabel ?? null,
        at,
      })
    }
    const account = await accounts.find(id)
    if (account === null) throw new Error(`Trezor account ${id} vanished in its own transaction.`)
    return account
  }

  return {
    registrationMessage(actor, { xpub, registrationAddress }) {
      const key = keyOf(xpub, registrationAddress)
      return registrationMessage(actor.id, key.fingerprint, key.addressAt(0))
    },

    async register(actor, input) {
      const key = keyOf(input.xpub, input.registrationAddress)
      await proven(actor, input, key)
      const attempt = () =>
        units.trezor.transaction((repositories) => enrol(repositories, actor.id, input, key))
      try {
        return await attempt()
      } catch (error) {
        // Two calls at once: the other one's account is there now, and this one finds it.
        if (error instanceof DomainError && error.code === 'TREZOR_ACTIVE_EXISTS') return attempt()
        throw error
      }
    },

    account: (actor) => units.trezor.read.accounts.findActive(actor.id),

    async nextAddress(actor, { purpose, paymentId = null }) {
      if (paymentId !== null && !(await payments.isVisibleTo(actor, paymentId))) {
        throw notFound('payment', publicId(paymentId))
      }
      return units.trezor.transaction(async ({ accounts }) => {
        const account = await accounts.findActiveForUpdate(actor.id)
        if (account === null || account.xpub === null) throw trezorNotRegistered()
        const holder = paymentId === null ? null : await accounts.findByPayment(paymentId)
        if (holder !== null && holder.id !== account.id) throw trezorAddressTaken()
        const given = holder?.addresses.find((address) => address.paymentId === paymentId)
        if (given !== undefined) return given
        const at = clock.now()
        const index = nextIndexOf(account)
        const address: NewIssuedAddress = {
          index,
          address: readAccountKey(account.xpub).addressAt(index),
          path: `${account.basePath ?? "m/44'/60'/0'"}/0/${index}`,
          purpose,
          paymentId,
          issuedAt: at,
        }
        await accounts.addAddress(account.id, address)
        await accounts.update(account.id, { nextAddressIndex: index + 1 }, at)
        return address
      })
    },

    async verifyOperation(actor, { signature, ...operation }) {
      const account = await units.trezor.read.accounts.findActive(actor.id)
      const address = account?.registrationAddress ?? null
      if (address === null) throw trezorNotRegistered()
      const message = operationMessage(actor.id, operation)
      if (signature === undefined) return { verified: false, required: isProofRequired, message }
      const age = Math.abs(clock.now().getTime() - new Date(operation.issuedAt).getTime())
      if (age > signatureLives) throw trezorProofInvalid('The proof is too old: sign a new one.')
      await assertSigned(message, signature, address)
      return { verified: true, required: isProofRequired, message }
    },
  }
}

/** The key, if the address is its first one. */
function keyOf(xpub: string, registrationAddress: string): AccountKey {
  const key = readAccountKey(xpub)
  const isFirst = isSameAddress(checksumAddress(registrationAddress.toLowerCase()), key.addressAt(0))
  if (!isFirst) throw registrationAddressDiffers()
  return key
}
