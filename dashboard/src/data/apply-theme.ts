// The page is in the colours that its reader has chosen.
import { effect } from '@preact/signals';
import { theme } from './model.ts';

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});
