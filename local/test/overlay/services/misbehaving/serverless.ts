import { service } from '@spillway/shared/packaging/service.ts';

export default service({ name: 'misbehaving' });
