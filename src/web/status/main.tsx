document.getElementById('app')!.replaceChildren();
