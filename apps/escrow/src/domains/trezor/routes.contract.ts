import { HDKey } from '@scure/bip32'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId, parseId, publicId } from '../../platform/ids.ts'
import { type Marketplace, type Person, paidRequest } from '../../testing/marketplace.ts'

let seeds = 0

/** A device: its public key, and what it would sign. */
function newDevice() {
  seeds += 1
  const account = HDKey.fromMasterSeed(new Uint8Array(32).fill(seeds)).derive("m/44'/60'/0'")
  const first = account.derive('m/0/0')
  const signer = privateKeyToAccount(`0x${Buffer.from(first.privateKey ?? []).toString('hex')}`)
  return {
    body: { xpub: account.publicExtendedKey, registrationAddress: signer.address },
    secret: account.privateExtendedKey,
    sign: (message: string) => signer.signMessage({ message }),
  }
}

/** What clients of the Trezor API may rely on, whichever store the units are in. */
export function trezorRoutesContract(freshMarket: () => Promise<Marketplace>): void {
  let market: Marketplace
  beforeAll(async () => {
    market = await freshMarket()
  })

  const post = (path: string, person: Person, body: object) =>
    market.escrow.call('POST', `/api/trezor/${path}`, { token: person.token, body })
  const get = (path: string, person: Person) =>
    market.escrow.call('GET', `/api/trezor/${path}`, { token: person.token })
  const messageFor = async (person: Person, body: Record<string, string>) =>
    (await get(`registration-message?${new URLSearchParams(body)}`, person)).body.data.message

  describe('registration', () => {
    test('a signed registration is the account; the same device again is the same one', async () => {
      const { buyer } = market
      const device = newDevice()
      expect((await get('account', buyer)).body.data).toEqual({ registered: false })
      const proofMessage = await messageFor(buyer, device.body)
      const proof = { proofMessage, proofSignature: await device.sign(proofMessage) }
      const first = await post('register', buyer, { ...device.body, ...proof, deviceLabel: 'one' })
      expect(first.body.data).toMatchObject({
        registered: true,
        registrationAddress: device.body.registrationAddress,
        nextAddressIndex: 1,
        deviceLabel: 'one',
      })
      expect(JSON.stringify(first.body)).not.toContain(device.body.xpub)
      const again = await post('register', buyer, { ...device.body, deviceLabel: 'two' })
      expect(again.body.data).toMatchObject({ id: first.body.data.id, deviceLabel: 'two' })
      const another = await post('register', buyer, newDevice().body)
      expect(another.body.data.id).not.toBe(first.body.data.id)
      expect((await get('account', buyer)).body.data).toEqual(another.body.data)
      const back = await post('register', buyer, device.body)
      expect(back.body.data.id).toBe(first.body.data.id)
    })

    test('two registrations at once give one account', async () => {
      const { seller } = market
      const device = newDevice()
      const answers = await Promise.all([1, 2, 3].map(() => post('register', seller, device.body)))
      expect(new Set(answers.map(({ body }) => body.data?.id)).size).toBe(1)
    })

    test('private keys, foreign addresses and keys, and false proofs are refused', async () => {
      const { buyer, admin } = market
      const device = newDevice()
      const refused = async (person: Person, body: object) => (await post('register', person, body)).body
      const secret = await refused(buyer, { ...device.body, xpub: device.secret })
      expect(secret.code).toBe('PRIVATE_KEY_REFUSED')
      expect(JSON.stringify(secret)).not.toContain(device.secret)
      const foreign = { ...device.body, registrationAddress: newDevice().body.registrationAddress }
      expect((await refused(buyer, foreign)).code).toBe('TREZOR_ADDRESS_DIFFERS')
      const message = await messageFor(buyer, device.body)
      const stolen = { ...device.body, proofSignature: await device.sign(message) }
      expect((await refused(admin, stolen)).code).toBe('TREZOR_PROOF_INVALID')
      await post('register', buyer, stolen)
      expect((await refused(admin, device.body)).code).toBe('TREZOR_KEY_TAKEN')
    })
  })

  describe('addresses', () => {
    test('a payment has one address, others get the next', async () => {
      const { seller, buyer } = market
      await post('register', seller, newDevice().body)
      const { paymentId } = await paidRequest(market)
      const next = (body: object) => post('addresses/next', seller, { purpose: 'payout', ...body })
      const answers = await Promise.all([1, 2, 3].map(() => next({ paymentId })))
      expect(new Set(answers.map(({ body }) => body.data.address)).size).toBe(1)
      const first = answers[0]?.body.data
      expect(first).toMatchObject({ index: 1, purpose: 'payout', paymentId, path: "m/44'/60'/0'/0/1" })
      const second = await next({})
      expect(second.body.data).toMatchObject({ index: 2, paymentId: null })
      expect((await next({ paymentId })).body.data).toEqual(first)
      const account = await get('account', seller)
      expect(account.body.data).toMatchObject({
        nextAddressIndex: 3,
        addresses: [first, second.body.data],
      })
      await post('register', buyer, newDevice().body)
      const taken = await post('addresses/next', buyer, { purpose: 'refund', paymentId })
      expect(taken.body.code).toBe('TREZOR_ADDRESS_TAKEN')
    })

    test('not for somebody without a device, nor for payments of others', async () => {
      const { admin, seller } = market
      expect((await post('addresses/next', admin, { purpose: 'x' })).body.code).toBe('TREZOR_NOT_REGISTERED')
      const unknown = await post('addresses/next', seller, { purpose: 'x', paymentId: publicId(newId()) })
      expect(unknown.status).toBe(404)
    })
  })

  test('an operation is proved by the registered device, for a while and for that operation alone', async () => {
    const { buyer, escrow } = market
    const device = newDevice()
    await post('register', buyer, device.body)
    const operation = {
      operation: 'release',
      reference: publicId(parseId(buyer.id)),
      issuedAt: escrow.clock.now().toISOString(),
    }
    const verify = (body: object) => post('verify-operation', buyer, { ...operation, ...body })
    const asked = await verify({})
    expect(asked.body.data).toMatchObject({ verified: false, required: false })
    const signature = await device.sign(asked.body.data.message)
    expect((await verify({ signature })).body.data).toMatchObject({ verified: true })
    expect((await verify({ signature, operation: 'refund' })).body.code).toBe('TREZOR_PROOF_INVALID')
    const old = '2020-01-01T00:00:00Z'
    expect((await verify({ signature, issuedAt: old })).body.code).toBe('TREZOR_PROOF_INVALID')
    expect((await verify({ operation: 'release\nReference: other' })).status).toBe(400)
  })
}
