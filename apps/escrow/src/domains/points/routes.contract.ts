import { beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '../../platform/clock.ts'
import type { NewEffect } from '../../platform/effects.ts'
import { newId, parseId, publicId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'

/** What clients of the points API may rely on, whichever store the units are in. */
export function pointsRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  beforeAll(async () => {
    escrow = await freshApp()
  })

  function completed(buyerId: string, amount: string, requestId = publicId(newId())): NewEffect {
    const payload = { requestId, buyerId, amount, currency: 'USDT' }
    return { type: 'request.completed', key: requestId, payload, at: escrow.clock.now() }
  }

  /** Puts effects into the request unit's outbox and lets them be delivered. */
  async function deliver(...effects: NewEffect[]): Promise<number> {
    await escrow.units.request.transaction(async (unit) => {
      for (const effect of effects) await unit.effects.emit(effect)
    })
    return escrow.effects.deliverDue()
  }

  const myPoints = async (token: string) =>
    (await escrow.call('GET', '/api/points/my-points', { token })).body.data

  describe('points', () => {
    test('a completed request earns one point for each whole unit, once', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      const effect = completed(id, '1234.99')
      expect(await deliver(effect)).toBe(1)
      expect(await myPoints(token)).toMatchObject({
        balance: 1234,
        lifetimePoints: 1234,
        level: { level: 2, minPoints: 1000 },
        nextLevel: { level: 3, minPoints: 2500 },
      })

      // Said once more under another key, as after a restored outbox: it is earned no second time.
      expect(await deliver({ ...effect, key: 'again' })).toBe(1)
      expect((await myPoints(token)).balance).toBe(1234)

      const { body } = await escrow.call('GET', '/api/points/transactions?type=earn', { token })
      expect(body.data).toMatchObject({
        total: 1,
        transactions: [{ type: 'earn', source: 'purchase', amount: 1234, balance: 1234, order: effect.key }],
      })
    })

    test('an effect for somebody unknown is refused with a reason and not tried again', async () => {
      const effect = completed(publicId(newId()), '5')
      await escrow.units.request.transaction(({ effects }) => effects.emit(effect))
      const [pending] = await escrow.units.request.read.effects.pending(1, escrow.clock.now())
      expect(await escrow.effects.deliverDue()).toBe(1)
      const receipt = await escrow.units.user.read.effects.received(pending?.id ?? newId())
      expect(receipt).toMatchObject({ outcome: 'refused', reason: 'there is no such user' })
      expect(await escrow.effects.deliverDue()).toBe(0)
    })

    test('the leaderboard of a period shows who earned most, and nobody who left', async () => {
      escrow.clock.advance(400 * DAY)
      const [first, second, gone] = [await signUp(escrow), await signUp(escrow), await signUp(escrow)]
      await deliver(completed(second.id, '20'))
      escrow.clock.advance(8 * DAY)
      await deliver(completed(first.id, '30'), completed(gone.id, '99'), completed(second.id, '5'))
      await escrow.units.user.transaction(({ users }) =>
        users.update(parseId(gone.id), { status: 'deleted' }, escrow.clock.now()),
      )
      escrow.clock.advance(1)
      const token = await escrow.tokenFor('buyer')
      const board = async (query: string) => {
        const { body } = await escrow.call('GET', `/api/points/leaderboard?${query}`, { token })
        return body.data.map(({ rank, userId, points }: Record<string, unknown>) => [rank, userId, points])
      }
      expect(await board('period=month')).toEqual([
        [1, first.id, 30],
        [2, second.id, 25],
      ])
      expect(await board('period=week')).toEqual([
        [1, first.id, 30],
        [2, second.id, 5],
      ])
      expect(await board('period=week&limit=1')).toEqual([[1, first.id, 30]])
      expect((await escrow.call('GET', '/api/points/leaderboard?period=ever', { token })).status).toBe(400)
    })

    test('less than one unit earns nothing', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      await deliver(completed(id, '0.99'))
      expect((await myPoints(token)).balance).toBe(0)
    })

    test('redeeming takes from the balance and keeps the lifetime, even many at once', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      await deliver(completed(id, '100'))
      const redeem = () => escrow.call('POST', '/api/points/redeem', { token, body: { points: 30 } })
      const answers = await Promise.all([redeem(), redeem(), redeem(), redeem(), redeem()])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 400, 400])
      expect(answers.find(({ status }) => status === 400)?.body.code).toBe('INSUFFICIENT_POINTS')
      expect(await myPoints(token)).toMatchObject({ balance: 10, lifetimePoints: 100 })
      const { body } = await escrow.call('GET', '/api/points/transactions?type=spend&limit=2', { token })
      expect(body.data).toMatchObject({ total: 3, page: 1, limit: 2 })
    })

    test('a referral code is made at the first reading and stays until another is asked for', async () => {
      const { accessToken: token } = await signUp(escrow)
      const { referralCode } = await myPoints(token)
      expect(referralCode).toMatch(/^[A-HJ-NP-Z2-9]{8}$/)
      expect((await myPoints(token)).referralCode).toBe(referralCode)
      const { body } = await escrow.call('POST', '/api/points/generate-referral-code', { token })
      expect(body.data.referralCode).not.toBe(referralCode)
      expect((await myPoints(token)).referralCode).toBe(body.data.referralCode)
    })
  })
}
