#!/bin/sh
# Ce que fait un conteneur : se préparer, puis servir jusqu'au signal d'arrêt.
set -eu

# Les secrets viennent de fichiers, que « docker inspect » ne montre pas.
if [ -r "${FICHIER_TEMOINS:-}" ]; then
    STREAMLIT_SERVER_COOKIE_SECRET=$(cat "$FICHIER_TEMOINS")
    export STREAMLIT_SERVER_COOKIE_SECRET
fi

# Modèle, index et migrations : quelques secondes quand tout est prêt. La base absente, la réplique
# part tout de même et répond de sa dernière copie vérifiée ; /pret dit ce qui manque.
clas preparer || echo "clas preparer a échoué : la réplique sert ce qu'elle a." >&2

# À la place de ce script : c'est le serveur qui reçoit le signal d'arrêt.
exec python -m streamlit run serveur.py --server.address 0.0.0.0 --server.port 8501
