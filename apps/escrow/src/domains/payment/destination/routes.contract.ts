import { beforeAll, describe, expect, test } from 'vitest'
import { type Marketplace, newOffer, newRequest } from '../../../testing/marketplace.ts'

/** What clients of derived destinations may rely on, whichever store the units are in. */
export function destinationRoutesContract(freshMarket: () => Promise<Marketplace>): void {
  let market: Marketplace
  beforeAll(async () => {
    market = await freshMarket()
  })

  const path = '/api/payment/derived-destinations'
  const allocate = async (sellerOfferId: string, chainId = 56) =>
    market.escrow.call('POST', path, { token: market.buyer.token, body: { sellerOfferId, chainId } })
  const asAdmin = (place: string, body: object = {}) =>
    market.escrow.call('POST', `${path}/${place}`, { token: market.admin.token, body })
  const freshOffer = async () => newOffer(market, await newRequest(market))

  describe('derived destinations', () => {
    test('an offer has one address for its buyer on each chain, whoever asks how often', async () => {
      const offerId = await freshOffer()
      const answers = await Promise.all([1, 2, 3, 4].map(() => allocate(offerId)))
      expect(new Set(answers.map(({ body }) => body.data.address)).size).toBe(1)
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201])
      const onEthereum = await allocate(offerId, 1)
      const { address, derivationIndex, status } = onEthereum.body.data
      expect(status).toBe('allocated')
      expect(address).toMatch(/^0x[0-9a-fA-F]{40}$/)
      expect(address).not.toBe(answers[0]?.body.data.address)
      const another = await allocate(await freshOffer())
      expect(another.body.data.derivationIndex).toBeGreaterThan(derivationIndex)
      const again = await market.escrow.call('GET', `${path}/${onEthereum.body.data.id}`, {
        token: market.buyer.token,
      })
      expect(again.body.data).toEqual(onEthereum.body.data)
    })

    test("nobody pays somebody else's offer, one that is gone, or on an unknown chain", async () => {
      const offerId = await freshOffer()
      const stranger = await market.escrow.call('POST', path, {
        token: await market.escrow.tokenFor('buyer'),
        body: { sellerOfferId: offerId },
      })
      expect(stranger.status).toBe(404)
      expect((await allocate(offerId, 5)).body.code).toBe('TOKEN_NOT_SUPPORTED')
      await market.escrow.call('POST', `/api/marketplace/offers/${offerId}/withdraw`, {
        token: market.seller.token,
      })
      expect((await allocate(offerId)).body.code).toBe('NOT_PAYABLE')
    })

    test('money comes, is swept once, and may come again', async () => {
      const { id } = (await allocate(await freshOffer())).body.data
      expect((await asAdmin(`${id}/sweep`)).body.code).toBe('DESTINATION_MOVE_REFUSED')
      const balance = '100000000000000000000'
      expect((await asAdmin(`${id}/fund`, { balance })).body.data).toMatchObject({
        status: 'funded',
        lastBalance: balance,
      })
      await asAdmin(`${id}/sweep`)
      expect((await asAdmin(`${id}/sweep/confirm`, { failed: true })).body.data.status).toBe('funded')
      await asAdmin(`${id}/sweep`)
      const sweep = { txHash: '0xfeed', amount: balance }
      for (let times = 0; times < 2; times += 1) {
        const swept = await asAdmin(`${id}/sweep/confirm`, sweep)
        expect(swept.body.data).toMatchObject({ status: 'swept', lastBalance: '0', sweeps: [sweep] })
        expect(swept.body.data.sweeps).toHaveLength(1)
      }
      const other = await asAdmin(`${id}/sweep/confirm`, { ...sweep, amount: '1' })
      expect(other.body.code).toBe('SWEEP_DIFFERS')
      expect((await asAdmin(`${id}/fund`, { balance: '5' })).body.data.status).toBe('funded')
    })

    test('lists and movements are for administrators', async () => {
      const { id } = (await allocate(await freshOffer())).body.data
      const token = market.buyer.token
      expect((await market.escrow.call('GET', path, { token })).status).toBe(403)
      expect((await market.escrow.call('POST', `${path}/${id}/sweep`, { token })).status).toBe(403)
      const stranger = await market.escrow.tokenFor('buyer')
      expect((await market.escrow.call('GET', `${path}/${id}`, { token: stranger })).status).toBe(404)
      const list = await market.escrow.call('GET', `${path}?status=allocated&limit=100`, {
        token: market.admin.token,
      })
      expect(list.body.data.items.map((item: { id: string }) => item.id)).toContain(id)
      expect(list.body.data.total).toBe(list.body.data.items.length)
    })
  })
}
