import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import type { HttpApp } from '../../platform/http.ts'
import { webhookRefused } from './errors.ts'
import { scannerWebhookSchema } from './input.ts'
import type { Payins } from './payin.ts'

const webhookAnswer = z.object({
  duplicate: z.boolean(),
  credited: z.boolean(),
  status: z.string().nullable(),
  matching: z.string().nullable(),
})

/** The scanner's door: no session, but every message is signed over its very bytes. */
export function registerWebhookRoute(app: HttpApp, service: Payins): void {
  app.post(
    '/api/payment/amn-scanner/webhook',
    {
      schema: {
        tags: ['payment'],
        body: scannerWebhookSchema,
        response: { 200: answerOf(webhookAnswer) },
      },
    },
    async (request) => {
      const signature = request.headers['x-amn-signature']
      if (typeof signature !== 'string' || request.rawBody === null) throw webhookRefused()
      service.verifyWebhook(request.body, request.rawBody, signature)
      const { payment, duplicate, credited } = await service.receiveTransfer(request.body, request.id)
      return ok({ duplicate, credited, status: payment.status, matching: payment.matching })
    },
  )
}
