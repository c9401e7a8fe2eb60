import { beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../../testing/escrow-app.ts'

/** What clients of the shop API may rely on, whichever store the units are in. */
export function shopRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  beforeAll(async () => {
    escrow = await freshApp()
  })
  const path = '/api/marketplace/shop'

  describe('shops', () => {
    test('an owner makes the shop by saving it, with defaults for what is not said', async () => {
      const { id, accessToken: token } = await signUp(escrow, { role: 'seller' })
      expect((await escrow.call('GET', path, { token })).body.data).toBeNull()
      expect((await escrow.call('GET', `${path}/${id}`)).status).toBe(404)

      const body = { name: 'کتاب‌فروشی', socialLinks: { instagram: 'https://instagram.com/x' } }
      const saved = await escrow.call('PUT', path, { token, body })
      expect(saved.body.data).toMatchObject({
        ...body,
        sellerId: id,
        isPublic: true,
        socialLinks: { facebook: '', instagram: 'https://instagram.com/x' },
        paymentConfig: { allowedChains: [1, 56], allowedTokens: ['USDC', 'USDT'] },
      })
      expect((await escrow.call('GET', path, { token })).body).toEqual(saved.body)
      expect((await escrow.call('GET', `${path}/${id}`)).body).toEqual(saved.body)
    })

    test('what a second save does not name stays', async () => {
      const { id, accessToken: token } = await signUp(escrow, { role: 'seller' })
      const paymentConfig = { allowedChains: [56], allowedTokens: ['USDT'] }
      const first = await escrow.call('PUT', path, {
        token,
        body: { name: 'a', description: 'd', paymentConfig },
      })
      const hidden = await escrow.call('PUT', path, { token, body: { name: 'b', isPublic: false } })
      expect(hidden.body.data).toEqual({ ...first.body.data, name: 'b', isPublic: false })
      expect((await escrow.call('GET', `${path}/${id}`)).status).toBe(404)
    })

    test('chains, tokens and links are checked; only sellers have shops', async () => {
      const { accessToken: token } = await signUp(escrow, { role: 'seller' })
      for (const wrong of [
        { paymentConfig: { allowedChains: [], allowedTokens: ['USDT'] } },
        { paymentConfig: { allowedChains: [5], allowedTokens: ['USDT'] } },
        { paymentConfig: { allowedChains: [56], allowedTokens: ['DOGE'] } },
        { paymentConfig: { allowedChains: [56] } },
        { socialLinks: { twitter: 'javascript:alert(1)' } },
        { name: ' ' },
      ]) {
        const { status, body } = await escrow.call('PUT', path, { token, body: { name: 'x', ...wrong } })
        expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED'])
      }
      const buyer = await escrow.tokenFor('buyer')
      expect((await escrow.call('PUT', path, { token: buyer, body: { name: 'x' } })).status).toBe(403)
      expect((await escrow.call('GET', path)).status).toBe(401)
      expect((await escrow.call('GET', `${path}/${publicId(newId())}`)).status).toBe(404)
    })
  })
}
