Ldr 00025nam a2200024 a 4500
#001 VD0002
#245 10 $aLúa nước /$cLê Văn A
##
