import type { UploadCreated } from '@spillway/shared/contracts/upload.ts';
import { refused } from './errors.ts';
import type { UploadProgress, UploadSource } from './form.ts';
import type { Answer, FrontDoor } from './front-door.ts';
import { type Patience, patiently } from './patience.ts';
import { sendByFetch } from './send-by-fetch.ts';
import { hasXhr, sendByXhr } from './send-by-xhr.ts';

export interface UploadOptions extends Patience {
  /** Called again and again while the file is sent. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** What can be done with files. */
export interface Uploads {
  /**
   * Uploads a file, for a field of an input that takes one.
   *
   * @returns the pointer to submit, within 15 days
   * @throws ClientError if it is refused
   */
  upload(file: UploadSource, options?: UploadOptions): Promise<string>;
}

/** Makes what uploads files through a front door. A try that fails is repeated as a whole. */
export const uploads = (door: FrontDoor): Uploads => ({
  async upload(file, { onProgress, ...patience } = {}) {
    const contentType = file.type || 'application/octet-stream';
    let pointer = '';
    // the form of an earlier try may have expired, so each has its own
    const send = async (): Promise<Answer> => {
      const body = JSON.stringify({ bytes: file.size, contentType });
      const begun = await door.request<UploadCreated>('/uploads', { method: 'POST', body, signal: patience.signal });
      if (begun.status !== 201) return begun as unknown as Answer;
      pointer = begun.body.upload;
      return (hasXhr() ? sendByXhr : sendByFetch)(begun.body, file, onProgress, patience.signal);
    };
    const answer = await patiently(send, patience);
    if (answer.status < 400) return pointer;
    throw refused('The file was not uploaded', answer.status, answer.body);
  },
});
