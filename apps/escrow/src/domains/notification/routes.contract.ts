import { beforeAll, describe, expect, test } from 'vitest'
import type { NewEffect } from '../../platform/effects.ts'
import { newId, publicId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'

/** What clients of the notification API may rely on, whichever store the units are in. */
export function notificationRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  let admin: string
  beforeAll(async () => {
    escrow = await freshApp()
    admin = await escrow.tokenFor('admin')
  })

  const path = '/api/notifications'
  const tell = async (userId: string, fields: object = {}) => {
    const body = { userId, title: 'New offer', message: 'You have a new offer.', ...fields }
    return escrow.call('POST', path, { token: admin, body })
  }

  describe('notifications', () => {
    test('people see what they were told, newest first, and how much of it is unread', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      const first = (await tell(id, { category: 'offer', relatedId: 'request-1', metadata: { 'a.b': 1 } }))
        .body.data
      escrow.clock.advance(1000)
      const second = (await tell(id)).body.data
      expect(first).toMatchObject({ category: 'offer', type: 'info', isRead: false, metadata: { 'a.b': 1 } })

      const list = await escrow.call('GET', `${path}?limit=1`, { token })
      expect(list.body.data).toMatchObject({
        notifications: [{ id: second.id }],
        total: 2,
        page: 1,
        limit: 1,
      })
      const unread = await escrow.call('GET', `${path}/unread-count`, { token })
      expect(unread.body.data).toEqual({ unreadCount: 2, byCategory: { offer: 1, system: 1 } })
      const related = await escrow.call('GET', `${path}?relatedId=request-1`, { token })
      expect(related.body.data.total).toBe(1)

      const read = await escrow.call('PATCH', `${path}/${first.id}/read`, { token })
      expect(read.body.data).toMatchObject({ id: first.id, isRead: true, readAt: expect.any(String) })
      expect((await escrow.call('GET', `${path}?unreadOnly=true`, { token })).body.data.total).toBe(1)
      expect((await escrow.call('GET', `${path}?unreadOnly=false`, { token })).body.data.total).toBe(2)
    })

    test('several or all are marked at once; ids of others are passed over', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      const other = await signUp(escrow)
      const mine: string[] = []
      for (let i = 0; i < 4; i += 1) mine.push((await tell(id)).body.data.id)
      const foreign = (await tell(other.id)).body.data.id
      const bulk = { notificationIds: [mine[0], mine[1], foreign] }
      const marked = await escrow.call('PATCH', `${path}/bulk/mark-read`, { token, body: bulk })
      expect(marked.body.data).toEqual({ marked: 2 })
      expect((await escrow.call('PATCH', `${path}/mark-all-read`, { token })).body.data).toEqual({
        marked: 2,
      })
      expect((await escrow.call('POST', `${path}/read-all`, { token })).body.data).toEqual({ marked: 0 })
      const left = await escrow.call('GET', `${path}/unread-count`, { token: other.accessToken })
      expect(left.body.data.unreadCount).toBe(1)
    })

    test('nobody sees, marks or deletes what somebody else was told', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      const other = await signUp(escrow)
      const one = `${path}/${(await tell(id)).body.data.id}`
      for (const [method, url] of [
        ['GET', one],
        ['PATCH', `${one}/read`],
        ['DELETE', one],
      ] as const) {
        const { status, body } = await escrow.call(method, url, { token: other.accessToken })
        expect([status, body.code]).toEqual([403, 'FORBIDDEN'])
        expect((await escrow.call(method, url)).status).toBe(401)
      }
      expect((await escrow.call('GET', `${path}/${publicId(newId())}`, { token })).status).toBe(404)
      expect((await escrow.call('DELETE', one, { token })).status).toBe(200)
      expect((await escrow.call('GET', one, { token })).status).toBe(404)
    })

    test('only an administrator tells people something, and only people who exist', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      const body = { userId: id, title: 'x', message: 'y' }
      expect((await escrow.call('POST', path, { token, body })).status).toBe(403)
      expect((await tell(publicId(newId()))).status).toBe(404)
      expect((await tell(id, { category: 'general' })).body.code).toBe('VALIDATION_FAILED')
    })

    test('another unit asks for a notification by an effect', async () => {
      const { id, accessToken: token } = await signUp(escrow)
      const effect = (userId: string): NewEffect => ({
        type: 'notification.requested',
        key: `told ${userId}`,
        payload: { userId, title: 'Paid', message: 'Your payment arrived.', category: 'payment' },
        at: escrow.clock.now(),
      })
      await escrow.units.request.transaction(async ({ effects }) => {
        await effects.emit(effect(id))
        await effects.emit(effect(publicId(newId())))
      })
      expect(await escrow.effects.deliverDue()).toBe(2)
      const { body } = await escrow.call('GET', path, { token })
      expect(body.data).toMatchObject({ total: 1, notifications: [{ title: 'Paid', category: 'payment' }] })
    })
  })
}
